/** What a role adds to the HTTP server of its process. */
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';

export interface Web {
  /** Adds routes with their TypeBox schemas, from which the OpenAPI document is made. */
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
