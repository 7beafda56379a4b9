/** What the routes of flights are given. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Ports } from '#core/ports/ports.ts';
import type { Caller } from '#http/callers.ts';
import type { AccessKind } from '../domain/access.ts';
import type { FlightsSettings } from '../domain/settings.ts';

export interface FlightsApi {
  readonly ports: Ports;
  readonly settings: FlightsSettings;
  readonly visitors: Visitors;
  readonly accesses: AccessLog;
}

/** Who asks: an account, or a visitor known by a signed cookie. */
export interface Visitor {
  /** `account:ID` or `visitor:ID`: who may use a quote. */
  readonly holder: string;
  /** `visitor:ID` where an account's browser also has a visitor's cookie: a quote asked for before the login can be used after it. */
  readonly guestHolder: string | undefined;
  /** The network that the request came from, such as a /24; visitors without an account are capped by it. */
  readonly network: string;
}

/** A visitor without an account and without a valid cookie gets a new cookie. */
export interface Visitors {
  of(request: FastifyRequest, reply: FastifyReply): Promise<Visitor>;
  /** `cookie` is to be set, if there is one. */
  known(caller: Caller): { readonly visitor: Visitor; readonly cookie: string | undefined };
}

export interface AccessLog {
  /** Never waits and never throws: what cannot be taken is dropped and counted. */
  note(visitor: Visitor, kind: AccessKind, flightIds: readonly string[]): void;
}
