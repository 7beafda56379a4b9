/** Connections of HTTP/1.1 that are kept and used again. They are opened to the address that was checked. */
import type { Agent as HttpAgent, RequestOptions } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Agent } from './node-http.ts';
import type { Target } from './target.ts';

/** Idle connections: to one host, to all, and how long. */
const maxIdlePerHost = 64;
const maxIdle = 512;
const idleMs = 10_000;

export interface ConnectionOptions extends RequestOptions {
  readonly connectionKey: string;
  readonly target: Target;
}

export type Ready = (error: Error | null, socket: Duplex) => void;

export class Connections extends Agent {
  readonly #idle = new Set<Duplex>();

  constructor() {
    super({ keepAlive: true, maxFreeSockets: maxIdlePerHost, timeout: idleMs, scheduling: 'lifo' });
  }

  override getName(options?: RequestOptions): string {
    return (options as ConnectionOptions).connectionKey;
  }

  override createConnection(options: RequestOptions, _ready?: Ready): Duplex | undefined {
    const { ip, port } = (options as ConnectionOptions).target;
    return this.tracked(connect({ host: ip, port, noDelay: true }));
  }

  /** Node keeps the socket unless this returns false, which its types do not tell. */
  override keepSocketAlive(socket: Duplex): boolean {
    if (this.#idle.size >= maxIdle || (super.keepSocketAlive(socket) as unknown) === false) return false;
    this.#idle.add(socket);
    return true;
  }

  override reuseSocket(socket: Duplex, request: Parameters<HttpAgent['reuseSocket']>[1]): void {
    this.#idle.delete(socket);
    super.reuseSocket(socket, request);
  }

  /** For when one of them turned out to be dead. */
  dropIdle(key: string): void {
    for (const socket of [...(this.freeSockets[key] ?? [])]) socket.destroy();
  }

  protected tracked<Connection extends Socket>(socket: Connection): Connection {
    socket.once('close', () => this.#idle.delete(socket));
    return socket;
  }
}
