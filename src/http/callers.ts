/** Who sends a request, in the form that routes with kept answers are told. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Identity } from '#core/account.ts';
import { BoundedMap } from '#core/bounded-map.ts';
import type { Clock } from '#core/ports/clock.ts';
import { addressOf, type Gate, protocolOf } from './gate.ts';
import { credentialsIn, identityOf } from './sessions.ts';

export interface Caller {
  /** The client's, also behind trusted proxies. */
  readonly address: string;
  readonly protocol: string;
  /** The header `Cookie`. */
  readonly cookies: string | undefined;
  /** Undefined for a stranger. */
  readonly identity: Identity | undefined;
}

export function callerOf(request: FastifyRequest): Promise<Caller> {
  return request.server.kept.callers.find(request);
}

interface Recent {
  readonly at: number;
  readonly identity: Identity | undefined;
}

interface Last {
  readonly at: number;
  readonly caller: Caller;
  readonly forwardedFor: string | string[] | undefined;
  readonly forwardedProto: string | string[] | undefined;
}

/**
 * An answer that is the same for everybody is not refused to a session that was revoked a moment ago; it may only be counted as
 * this account's for so long.
 */
const recentMs = 2_000;
const maxRecent = 10_000;
/** Longer ones are not secrets of ours. */
const maxSecretCharacters = 100;
/** Of a connection's headers that are remembered: there may be very many connections. */
const maxLastCharacters = 1_000;

export class Callers {
  readonly #gate: Gate;
  readonly #clock: Clock;
  /** The last of each connection, which almost always sends the next request, too. */
  readonly #last = new WeakMap<Socket, Last>();
  readonly #recent = new BoundedMap<string, Recent>(maxRecent);

  constructor(gate: Gate, clock: Clock) {
    this.#gate = gate;
    this.#clock = clock;
  }

  /** Asks who it is. A token without the needed scope is refused. */
  async find(request: FastifyRequest): Promise<Caller> {
    const credentials = credentialsIn(request.headers, request.protocol);
    const at = this.#clock.monotonicMs();
    const identity = await identityOf(request);
    if (credentials?.kind === 'session' && credentials.secret.length <= maxSecretCharacters)
      this.#recent.set(credentials.secret, { at, identity });
    return this.#caller(request.raw, request.protocol, identity);
  }

  /** For a route that does not ask who it is. */
  stranger(request: IncomingMessage): Caller {
    return this.#caller(request, protocolOf(request, this.#gate), undefined);
  }

  /** Undefined if it would have to be asked who it is. */
  known(request: IncomingMessage): Caller | undefined {
    const { headers, socket } = request;
    const last = this.#last.get(socket);
    if (last !== undefined && this.#isRecent(last.at) && isSame(last, headers)) return last.caller;
    const protocol = protocolOf(request, this.#gate);
    const credentials = credentialsIn(headers, protocol);
    const found = credentials === undefined ? this.#nobody() : this.#recent.get(credentials.secret);
    if (found === undefined || credentials?.kind === 'access-token' || !this.#isRecent(found.at)) return undefined;
    const caller = this.#caller(request, protocol, found.identity);
    const { 'x-forwarded-for': forwardedFor, 'x-forwarded-proto': forwardedProto } = headers;
    if (`${caller.cookies}${forwardedFor}${forwardedProto}`.length <= maxLastCharacters)
      this.#last.set(socket, { at: found.at, caller, forwardedFor, forwardedProto });
    return caller;
  }

  #nobody(): Recent {
    return { at: this.#clock.monotonicMs(), identity: undefined };
  }

  #isRecent(at: number): boolean {
    return this.#clock.monotonicMs() - at < recentMs;
  }

  #caller(request: IncomingMessage, protocol: string, identity: Identity | undefined): Caller {
    return { address: addressOf(request, this.#gate), protocol, cookies: request.headers.cookie, identity };
  }
}

/** Of the same connection, and without a token, which the lane does not take. */
function isSame({ caller, forwardedFor, forwardedProto }: Last, headers: IncomingHttpHeaders): boolean {
  return (
    caller.cookies === headers.cookie && forwardedFor === headers['x-forwarded-for'] && forwardedProto === headers['x-forwarded-proto']
  );
}
