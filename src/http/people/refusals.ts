/** Expected refusals of the people's room as problems that a client can act on. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KontorError } from '#core/errors.ts';
import { plainEmail, plainName } from '#core/people/account.ts';
import type { Wait } from '#core/people/context.ts';
import type { Refusal } from '#core/people/own-account.ts';
import type { Whereabouts } from '#core/people/sessions.ts';

export function tooOften(reply: FastifyReply, { waitMs }: Wait): KontorError {
  const seconds = Math.ceil(waitMs / 1_000);
  reply.header('retry-after', seconds);
  return new KontorError('too_many_requests', `Too many attempts: try again in ${seconds} s.`);
}

export function refused(reply: FastifyReply, refusal: Refusal): KontorError {
  switch (refusal.outcome) {
    case 'wait':
      return tooOften(reply, refusal);
    case 'wrong-password':
      return badField('password', 'is not the present one');
    case 'refused':
      return new KontorError('conflict', refusal.says);
  }
}

export function badField(field: string, message: string): KontorError {
  return new KontorError('invalid_input', `In the body, ${field} ${message}.`, { details: [{ field, message }] });
}

export function emailIn(body: { readonly email: string }): string {
  const email = plainEmail(body.email);
  if (email === undefined) throw badField('email', 'must be an e-mail address such as ada@example.org');
  return email;
}

export function nameIn(body: { readonly name: string }): string {
  const name = plainName(body.name);
  if (name === undefined) throw badField('name', 'must have something to read in it, on one line');
  return name;
}

export function whereaboutsOf(request: FastifyRequest): Whereabouts {
  return { address: request.ip, agent: request.headers['user-agent'] ?? '' };
}
