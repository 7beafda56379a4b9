/** What the handlers read from a request. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Identity, plainEmail, plainName } from '#core/account.ts';
import { refuse } from '#core/refuse.ts';
import { setSessionCookie } from '#http/sessions.ts';
import type { Whereabouts } from '../domain/sessions.ts';
import { peopleRefusals } from '../refusals.ts';
import type { AskingAgain } from '../store/accounts/own-account.ts';
import type { PeopleContext } from '../store/context.ts';
import type { OpenedSession } from '../store/sessions/sessions.ts';

export function emailIn(body: { readonly email: string }): string {
  const email = plainEmail(body.email);
  if (email === undefined) throw refuse(peopleRefusals, 'bad-email', {}, 'email');
  return email;
}

export function nameIn(body: { readonly name: string }): string {
  const name = plainName(body.name);
  if (name === undefined) throw refuse(peopleRefusals, 'bad-name', {}, 'name');
  return name;
}

export function whereaboutsOf(request: FastifyRequest): Whereabouts {
  return { address: request.ip, agent: request.headers['user-agent'] ?? '' };
}

/** The parts of an input that they are found in. */
interface AskingInput {
  readonly identity: Identity;
  readonly body: { readonly password: string };
  readonly request: FastifyRequest;
}

export function askingAgain({ identity, body, request }: AskingInput): AskingAgain {
  return { identity, password: body.password, from: whereaboutsOf(request) };
}

interface CookieInput {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export function setCookie({ sessionRules }: PeopleContext, { request, reply }: CookieInput, session: OpenedSession): void {
  setSessionCookie(request, reply, session.secret, sessionRules.longestMs);
}
