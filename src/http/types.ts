/** What a role may add to its process's HTTP server. */
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';

export interface Web {
  /** Adds routes, each with its TypeBox schemas (they become the OpenAPI document). */
  routes?(server: FastifyInstance): void;
  readonly sockets?: readonly SocketEndpoint[];
}

export interface SocketEndpoint {
  /** An exact path such as `/live`. */
  readonly path: string;
  /** One sentence for the documentation. */
  readonly says: string;
  open(socket: WebSocket, request: SocketRequest): void;
}

export interface SocketRequest {
  readonly id: string;
  readonly address: string;
}
