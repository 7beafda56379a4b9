/** What a role adds to the HTTP server of its process. */
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import type { Identity } from '#core/account.ts';

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
  /** Bytes of one message, where the limit of the server does not fit. */
  readonly messageBytes?: number;
  /** Set where the endpoint itself holds back clients that send faster than it answers. */
  readonly holdsBack?: true;
  open(socket: WebSocket, request: SocketRequest): void;
}

export interface SocketRequest {
  readonly id: string;
  readonly address: string;
  /** Who opens it, by the cookie or the token of the upgrade; undefined for a stranger. */
  identity(): Promise<Identity | undefined>;
}
