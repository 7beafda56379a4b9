/**
 * Another address for an account. The letter to the new address has a link that works once, for an hour, and only for its owner, who is
 * logged in: nobody gains an account by reading a letter that went to a mistyped address. The old address is told of both steps.
 */
import { KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { letterToNewAddress, letterToTakenAddress, noticeOfNewAddress } from '../../domain/letters.ts';
import { hashOf, newSecret } from '../../domain/secrets.ts';
import { peopleRefusals } from '../../refusals.ts';
import { afterCommit, type PeopleContext } from '../context.ts';
import { letterAttempts } from '../entrance/attempts.ts';
import { addMailToken, endMailTokens, floodWaitMs } from '../entrance/mail-tokens.ts';
import type { OpenedSession } from '../sessions/sessions.ts';
import type { PeopleTables } from '../tables.ts';
import { findAccountByEmail, setEmail } from './accounts.ts';
import { recordEvent } from './events.ts';
import { type Asking, type AskingAgain, checkPassword, renewSession } from './own-account.ts';

const validMs = 3_600_000;

/** The answer is the same for an address that has an account: only its reader learns of that. */
export async function askForEmail(
  context: PeopleContext,
  asking: AskingAgain,
  { email, origin }: { readonly email: string; readonly origin: string | undefined },
): Promise<void> {
  const { state, clock, random, mail } = context.ports;
  const { identity, from } = asking;
  const { id: personId, email: oldEmail } = identity.account;
  if (email === oldEmail) throw refuse(peopleRefusals, 'same-email', {}, 'email');
  await checkPassword(context, asking);
  const posting = state.write(async (queries) => {
    const now = clock.now();
    const refused = await letterAttempts(email, from.address, undefined).take(queries, now);
    if (refused !== undefined) return refused;
    const waitMs = await floodWaitMs(queries, email, now);
    if (waitMs > 0) return refuse(peopleRefusals, 'wait-seconds', { seconds: Math.ceil(waitMs / 1_000) });
    // Counts the letter; nobody learns the secret of this one.
    await addMailToken(queries, random, { personId: undefined, email, name: '' }, now);
    const secret = newSecret(random);
    const isTaken = (await findAccountByEmail(queries, email)) !== undefined;
    if (!isTaken) await keepChange(queries, { personId, email, secret, endsAt: now + validMs });
    await mail.post(queries, isTaken ? letterToTakenAddress(email) : letterToNewAddress({ email, origin, secret }));
    await mail.post(queries, noticeOfNewAddress('asked', oldEmail, email));
    await recordEvent(queries, context.ports, { personId, kind: 'email-change-asked', address: from.address });
    return undefined;
  });
  await afterCommit(posting);
}

/** A newer request replaces an older one, whose link then does not work any more. */
async function keepChange(
  queries: Queries,
  { personId, email, secret, endsAt }: { personId: string; email: string; secret: string; endsAt: number },
): Promise<void> {
  const row = { secret_hash: hashOf(secret), email, ends_at: endsAt };
  await queries
    .withTables<PeopleTables>()
    .insertInto('person_email_change')
    .values({ person_id: personId, ...row })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
    .execute();
}

interface EmailChanged {
  readonly email: string;
  /** The session that goes on. */
  readonly session: OpenedSession;
}

export async function confirmEmail(context: PeopleContext, asking: Asking, secret: string): Promise<EmailChanged> {
  const { state, clock, mail } = context.ports;
  const { id, email: oldEmail } = asking.identity.account;
  const changing = state.write(async (queries) => {
    const email = await spendChange(queries, id, secret, clock.now());
    if (email === undefined) throw linkExpired();
    await setEmail(queries, id, email);
    // Links that were sent to either address do not work any more.
    for (const address of [oldEmail, email]) await endMailTokens(queries, address);
    await mail.post(queries, noticeOfNewAddress('changed', oldEmail, email));
    return { email, session: await renewSession(context, queries, asking, 'email-changed') };
  });
  return changing.catch((error) => {
    // Somebody opened an account with it since the letter was asked for, or changed to it at this moment.
    throw isTaken(error) ? linkExpired() : error;
  });
}

/** The State refuses two accounts with one address. */
function isTaken(error: unknown): boolean {
  return error instanceof KontorError && error.code === 'conflict' && error.details.some(({ field }) => field.includes('email'));
}

function linkExpired(): KontorError {
  return refuse(peopleRefusals, 'link-expired', {}, 'token');
}

/** Resolves the new address, once. */
async function spendChange(queries: Queries, personId: string, secret: string, now: number): Promise<string | undefined> {
  const row = await queries
    .withTables<PeopleTables>()
    .deleteFrom('person_email_change')
    .where('person_id', '=', personId)
    .where('secret_hash', '=', hashOf(secret))
    .where('ends_at', '>', now)
    .returning('email')
    .executeTakeFirst();
  return row?.email;
}
