/** What the handlers read from a request. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Identity, plainEmail, plainName } from '#core/account.ts';
import { refuse } from '#core/refuse.ts';
import { cookieIn, setCookie as setAnyCookie } from '#http/cookies.ts';
import { setSessionCookie } from '#http/sessions.ts';
import { deviceCookie, deviceLifeMs } from '../domain/devices.ts';
import type { Whereabouts } from '../domain/sessions.ts';
import { peopleRefusals } from '../refusals.ts';
import type { AskingAgain } from '../store/accounts/own-account.ts';
import type { PeopleContext } from '../store/context.ts';
import type { OpenedSession } from '../store/sessions/sessions.ts';

const deviceCookieName = 'kontor_device';

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

export function whereaboutsOf({ ip, headers, protocol }: FastifyRequest): Whereabouts {
  return { address: ip, agent: headers['user-agent'] ?? '', device: cookieIn(headers.cookie, protocol, deviceCookieName) };
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

export function setCookie({ request, reply }: CookieInput, { secret, lifeMs }: OpenedSession): void {
  setSessionCookie(request, reply, secret, lifeMs);
}

/** From now on, strangers who try to get into the account do not hold this browser up. */
export function rememberDevice({ ports, seal }: PeopleContext, { request, reply }: CookieInput, email: string): void {
  const cookie = deviceCookie(seal, ports.random, whereaboutsOf(request).device, email, ports.clock.now());
  setAnyCookie(request, reply, deviceCookieName, cookie, deviceLifeMs);
}
