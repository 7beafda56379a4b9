/** Expected refusals of the people's room as problems that a client can act on. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { plainEmail, plainName } from '#core/account.ts';
import { KontorError, refusal } from '#core/errors.ts';
import type { Fault } from '../domain/passwords.ts';
import type { PeopleReasons } from '../domain/reasons.ts';
import type { Refusal } from '../store/accounts/own-account.ts';
import type { Wait } from '../store/context.ts';
import type { Whereabouts } from '../store/sessions/sessions.ts';

export function tooOften(reply: FastifyReply, { waitMs }: Wait): KontorError {
  const seconds = Math.ceil(waitMs / 1_000);
  reply.header('retry-after', seconds);
  return refusal<PeopleReasons>(
    'too_many_requests',
    { name: 'wait-seconds', values: { seconds } },
    `Too many attempts: try again in ${seconds} s.`,
  );
}

export function refused(reply: FastifyReply, refused: Refusal): KontorError {
  switch (refused.outcome) {
    case 'wait':
      return tooOften(reply, refused);
    case 'wrong-password':
      return badField('password', { reason: { name: 'wrong-password', values: {} }, says: 'is not the present one' });
    case 'refused':
      return refusal<PeopleReasons>('conflict', refused.reason, refused.says);
  }
}

export function badField(field: string, { reason, says }: Fault): KontorError {
  return new KontorError('invalid_input', `In the body, ${field} ${says}.`, { reason, details: [{ field, message: says, reason }] });
}

export function emailIn(body: { readonly email: string }): string {
  const email = plainEmail(body.email);
  if (email === undefined)
    throw badField('email', { reason: { name: 'bad-email', values: {} }, says: 'must be an e-mail address such as ada@example.org' });
  return email;
}

export function nameIn(body: { readonly name: string }): string {
  const name = plainName(body.name);
  if (name === undefined)
    throw badField('name', { reason: { name: 'bad-name', values: {} }, says: 'must have something to read in it, on one line' });
  return name;
}

export function whereaboutsOf(request: FastifyRequest): Whereabouts {
  return { address: request.ip, agent: request.headers['user-agent'] ?? '' };
}
