/** The second factor: set up, confirmed; each of its codes and recovery codes works once. */
import type { Random } from '#core/ports/random.ts';
import { placeOf } from '#core/ports/secrets.ts';
import type { Queries } from '#core/ports/state.ts';
import { base32, fromBase32, hashOf, secretBytes } from '../../domain/secrets.ts';
import { matchingStep, totpSecretBytes } from '../../domain/totp.ts';
import type { PeopleContext } from '../context.ts';
import { factorSecrets, type PeopleTables } from '../tables.ts';

const recoveryCodes = 10;
/** 120 bits: a fast hash is enough. */
const recoveryCodeBytes = 15;

/** A new secret, which is confirmed by its first code; undefined when there is a second factor already. */
export async function beginSecondFactor(
  { ports, seal }: PeopleContext,
  queries: Queries,
  personId: string,
): Promise<Uint8Array | undefined> {
  const secret = secretBytes(ports.random, totpSecretBytes);
  const fresh = { secret: seal.seal(placeOf(factorSecrets, personId), base32(secret)), last_step: 0 };
  const begun = await queries
    .withTables<PeopleTables>()
    .insertInto('person_second_factor')
    .values({ ...fresh, person_id: personId, confirmed_at: null })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(fresh).where('person_second_factor.confirmed_at', 'is', null))
    .returning('person_id')
    .executeTakeFirst();
  return begun === undefined ? undefined : secret;
}

/** Whether the code was right; from now on the second factor is asked for. */
export async function confirmSecondFactor(context: PeopleContext, queries: Queries, personId: string, code: string): Promise<boolean> {
  const now = context.ports.clock.now();
  const tables = queries.withTables<PeopleTables>();
  const factor = await tables
    .selectFrom('person_second_factor')
    .selectAll()
    .where('person_id', '=', personId)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst();
  const step = factor && matchingStep(opened(context, personId, factor.secret), code, now, factor.last_step);
  if (step === undefined) return false;
  const { numUpdatedRows } = await tables
    .updateTable('person_second_factor')
    .set({ confirmed_at: now, last_step: step })
    .where('person_id', '=', personId)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export type SpentCode = 'code' | 'recovery-code';

/** Uses a code up: of two requests with the same code, one at most succeeds, whichever processes they reach. */
export async function spendCode(context: PeopleContext, queries: Queries, personId: string, code: string): Promise<SpentCode | undefined> {
  return /^\d{6}$/.test(code) ? spendTotp(context, queries, personId, code) : spendRecoveryCode(queries, personId, code);
}

async function spendTotp(context: PeopleContext, queries: Queries, personId: string, code: string): Promise<SpentCode | undefined> {
  const tables = queries.withTables<PeopleTables>();
  const factor = await tables
    .selectFrom('person_second_factor')
    .select(['secret', 'last_step'])
    .where('person_id', '=', personId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst();
  const now = context.ports.clock.now();
  const step = factor && matchingStep(opened(context, personId, factor.secret), code, now, factor.last_step);
  if (step === undefined) return undefined;
  const { numUpdatedRows } = await tables
    .updateTable('person_second_factor')
    .set({ last_step: step })
    .where('person_id', '=', personId)
    .where('last_step', '<', step)
    .executeTakeFirst();
  return numUpdatedRows > 0n ? 'code' : undefined;
}

function opened({ seal }: PeopleContext, personId: string, secret: string): Uint8Array {
  return fromBase32(seal.open(placeOf(factorSecrets, personId), secret));
}

async function spendRecoveryCode(queries: Queries, personId: string, code: string): Promise<SpentCode | undefined> {
  const { numDeletedRows } = await queries
    .withTables<PeopleTables>()
    .deleteFrom('person_recovery_code')
    .where('person_id', '=', personId)
    .where('code_hash', '=', hashOf(plainRecoveryCode(code)))
    .executeTakeFirst();
  return numDeletedRows > 0n ? 'recovery-code' : undefined;
}

/** New codes, which are shown this once; those left of the old ones end. */
export async function replaceRecoveryCodes(queries: Queries, random: Random, personId: string): Promise<readonly string[]> {
  const tables = queries.withTables<PeopleTables>();
  const codes = Array.from({ length: recoveryCodes }, () => base32(secretBytes(random, recoveryCodeBytes)));
  await tables.deleteFrom('person_recovery_code').where('person_id', '=', personId).execute();
  await tables
    .insertInto('person_recovery_code')
    .values(codes.map((code) => ({ person_id: personId, code_hash: hashOf(code) })))
    .execute();
  return codes.map((code) => code.replace(/(.{4})(?=.)/g, '$1-').toLowerCase());
}

export async function recoveryCodesLeft(queries: Queries, personId: string): Promise<number> {
  const { left } = await queries
    .withTables<PeopleTables>()
    .selectFrom('person_recovery_code')
    .select((select) => select.fn.countAll<number>().as('left'))
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  return Number(left);
}

export async function hasSecondFactor(queries: Queries, personId: string): Promise<boolean> {
  const factor = await queries
    .withTables<PeopleTables>()
    .selectFrom('person_second_factor')
    .select('person_id')
    .where('person_id', '=', personId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst();
  return factor !== undefined;
}

export async function removeSecondFactor(queries: Queries, personId: string): Promise<void> {
  const tables = queries.withTables<PeopleTables>();
  await tables.deleteFrom('person_second_factor').where('person_id', '=', personId).execute();
  await tables.deleteFrom('person_recovery_code').where('person_id', '=', personId).execute();
}

/** As typed: with or without dashes and spaces, in either case. */
function plainRecoveryCode(code: string): string {
  return code.replaceAll(/[\s-]/g, '').toUpperCase();
}
