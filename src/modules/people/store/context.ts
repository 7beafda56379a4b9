/** What the transactions of this module work with. */
import { KontorError } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Seal } from '#core/ports/secrets.ts';
import type { Passwords } from '../domain/passwords.ts';
import type { SessionRules } from '../domain/sessions.ts';

export interface PeopleContext {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'random' | 'mail'>;
  readonly seal: Seal;
  readonly passwords: Passwords;
  readonly sessionRules: SessionRules;
}

/** Throws a refusal only after its transaction has committed: attempts that were counted, and events, stay. */
export async function afterCommit<Result>(transaction: Promise<Result | KontorError>): Promise<Result> {
  const result = await transaction;
  if (result instanceof KontorError) throw result;
  return result;
}
