/** The ledger, and its face for other modules: coins move between accounts inside the caller's transaction, each request once. */
import { sql } from 'kysely';
import { invariant, KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { MovingAccounts } from './store/moving.ts';
import { type Insufficient, type Movement, type MovementAnswer, maxMemoLength, Posting } from './store/posting.ts';
import { type Asked, isNamed, type RequestName } from './store/requests.ts';
import type { AccountMode, CoinsTables, HoldState, TransferKind } from './store/tables.ts';

export { type LockedAccount, lockAccounts } from './store/accounts.ts';
export { amountMovedFor } from './store/named-transfers.ts';

/** The house's own accounts, opened by the first migration: rollups, which everybody may pay to at the same time. */
export const houseAccounts = {
  fees: 'house:fees',
  /** Where coins come from: it is below zero by what there is in the world. */
  mint: 'house:mint',
  escrow: 'house:escrow',
} as const;

/** The ledger's account of a person. */
export function walletOf(accountId: string): string {
  return `wallet:${accountId}`;
}

export interface NewAccount {
  readonly owner: string;
  /** Such as `wallet` or `revenue`; one account of a kind for an owner. */
  readonly kind: string;
  readonly mode: AccountMode;
}

/** Opens it if it is not open; resolves its id, `KIND:OWNER`. */
export async function openAccount(queries: Queries, { owner, kind, mode }: NewAccount): Promise<string> {
  const id = `${kind}:${owner}`;
  invariant(/^[a-z]{1,20}:[\w.-]{1,100}$/.test(id), `an account is called KIND:OWNER, of letters, digits, _ - and .: "${id}"`);
  await queries
    .withTables<CoinsTables>()
    .insertInto('coins_account')
    .values({ id, owner, kind, mode, posted: 0, held: 0, floor: 0, entries: 0, last_transfer: null })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return id;
}

/** Opens accounts that modules have for themselves, such as `revenue:shop`: rollups, which everybody may pay to at the same time. */
export async function openAccounts(queries: Queries, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const [kind = '', owner = ''] = id.split(':');
    await openAccount(queries, { kind, owner, mode: 'rollup' });
  }
}

export interface Transfer extends RequestName {
  readonly kind: Exclude<TransferKind, 'capture' | 'refund'>;
  /** The account that pays. */
  readonly debit: string;
  /** The account that is paid. */
  readonly credit: string;
  /** Coins: 1 to `maxAmount`. */
  readonly amount: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** What both sides read in their statements. */
  readonly memo?: string;
}

/** The same request was made before: `first` is what came of it then. A new attempt needs a new key. */
interface Replayed {
  readonly outcome: 'replayed';
  readonly first: 'posted' | 'refused';
}

/** The key was used before, for something else: nothing was done. */
interface Conflict {
  readonly outcome: 'conflict';
}

export type Answer = MovementAnswer | Replayed | Conflict;

export const maxTransfersPerCall = 1_000;

/**
 * Moves coins in the caller's transaction; an answer for each request, in order. What was refused moved nothing, and is
 * remembered as refused if the caller commits all the same. Rejects with `not_found` where an account is not open.
 */
export async function post(queries: Queries, requests: readonly Transfer[]): Promise<readonly Answer[]> {
  if (requests.length === 0) return [];
  invariant(requests.length <= maxTransfersPerCall, `${requests.length} transfers in a call: at most ${maxTransfersPerCall}`);
  const movements = requests.map((request): Movement => ({ ...request, memo: plainMemo(request.memo) }));
  return moveOnce(queries, movements);
}

/** Cut to what fits, and without what a store could not give back as it was: it is compared with what is stored. */
function plainMemo(memo = ''): string {
  return memo.slice(0, maxMemoLength).toWellFormed().replaceAll('\0', '');
}

async function moveOnce(queries: Queries, movements: readonly Movement[]): Promise<readonly Answer[]> {
  const posting = await Posting.open(queries, movements);
  const answers = movements.map((movement) => answerBefore(posting, movement) ?? posting.move(movement));
  await posting.write();
  return answers;
}

/** The answer to a request that was made before; undefined for a new one. */
function answerBefore(posting: Posting, asked: Asked): Replayed | Conflict | undefined {
  const before = posting.before(asked);
  if (before === undefined) return undefined;
  return before === 'conflict' ? { outcome: 'conflict' } : { outcome: 'replayed', first: before.refused === 1 ? 'refused' : 'posted' };
}

export interface NewHold extends RequestName {
  /** A strict account. */
  readonly payer: string;
  readonly payee: string;
  readonly amount: number;
  readonly at: number;
  /** From then on it cannot be captured, and the coins are free again. */
  readonly expiresAt: number;
  readonly memo?: string;
}

export type HoldAnswer =
  | { readonly outcome: 'placed' }
  | Insufficient
  | { readonly outcome: 'replayed'; readonly first: 'placed' | 'refused' }
  | Conflict;

/** Sets coins of the payer aside for the payee. The hold goes by the name of this request. */
export async function placeHold(queries: Queries, request: NewHold): Promise<HoldAnswer> {
  const { scope, key, payer, payee, amount, at, expiresAt } = request;
  const memo = plainMemo(request.memo);
  const asked: Asked = { scope, key, kind: 'hold', debit: payer, credit: payee, amount, memo, at };
  const posting = await Posting.open(queries, [asked]);
  const before = posting.before(asked);
  if (before === 'conflict') return { outcome: 'conflict' };
  if (before !== undefined) return { outcome: 'replayed', first: before.refused === 1 ? 'refused' : 'placed' };
  const answer = posting.hold(asked);
  await posting.write();
  if (answer.outcome === 'insufficient') return answer;
  await queries
    .withTables<CoinsTables>()
    .insertInto('coins_hold')
    .values({
      id: answer.id,
      payer,
      payee,
      amount,
      captured: 0,
      refunded: 0,
      state: 'open',
      memo,
      placed_at: at,
      expires_at: expiresAt,
    })
    .execute();
  return { outcome: 'placed' };
}

export interface Capture extends RequestName {
  readonly hold: RequestName;
  /** At most what is held, and that if left out. What remains is free again: a hold is captured once. */
  readonly amount?: number;
  readonly at: number;
  readonly memo?: string;
}

export type CaptureAnswer =
  | Answer
  /** Captured, voided or expired already. */
  | { readonly outcome: 'closed'; readonly state: Exclude<HoldState, 'open'> }
  | { readonly outcome: 'exceeds'; readonly available: number };

/** Pays the payee out of what is held. Rejects with `not_found` when there is no such hold. */
export async function captureHold(queries: Queries, request: Capture): Promise<CaptureAnswer> {
  const held = await lockHold(queries, request.hold);
  const { scope, key, at, amount = held.amount } = request;
  const movement: Movement = {
    scope,
    key,
    at,
    amount,
    kind: 'capture',
    of: held.id,
    debit: held.payer,
    credit: held.payee,
    memo: plainMemo(request.memo ?? held.memo),
    releases: held.amount,
  };
  const state = stateAt(held, at);
  if (state === 'open' && amount > held.amount) return { outcome: 'exceeds', available: held.amount };
  const posting = await Posting.open(queries, [movement]);
  const before = answerBefore(posting, movement);
  if (before !== undefined) return before;
  if (state !== 'open') return { outcome: 'closed', state };
  const answer = posting.move(movement);
  await posting.write();
  if (answer.outcome === 'posted') await closeHolds(queries, [held.id], 'captured', amount);
  return answer;
}

export type VoidAnswer = { readonly outcome: 'voided' } | { readonly outcome: 'closed'; readonly state: Exclude<HoldState, 'open'> };

/** Lets go of what is held. Rejects with `not_found` when there is no such hold. */
export async function voidHold(queries: Queries, name: RequestName): Promise<VoidAnswer> {
  const { id, state, payer, amount } = await lockHold(queries, name);
  if (state !== 'open') return { outcome: 'closed', state };
  await release(queries, [{ payer, amount }]);
  await closeHolds(queries, [id], 'voided', 0);
  return { outcome: 'voided' };
}

/** Lets go of holds that nobody captured in time, at most `limit` of them; resolves how many. */
export async function expireHolds(queries: Queries, at: number, limit: number): Promise<number> {
  const due = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_hold')
    .select(['id', 'payer', 'amount'])
    .where('state', '=', sql.lit('open'))
    .where('expires_at', '<=', at)
    .orderBy('expires_at')
    .limit(limit)
    // One that is being captured at this moment is left to whoever does it.
    .$if(dialectOf(queries) === 'postgres', (query) => query.forUpdate().skipLocked())
    .execute();
  if (due.length === 0) return 0;
  await release(queries, due);
  const ids = due.map(({ id }) => id);
  await closeHolds(queries, ids, 'expired', 0);
  return due.length;
}

export interface Refund extends RequestName {
  /** The transfer (or capture) to take back, by the name of its request. */
  readonly of: RequestName;
  /** At most what was not refunded yet. */
  readonly amount: number;
  readonly at: number;
  readonly memo?: string;
}

export type RefundAnswer = Answer | { readonly outcome: 'exceeds'; readonly available: number };

/** Moves coins back, all of them or a part, as often as there is something left. Rejects with `not_found` when there is no such transfer, or it is a refund itself. */
export async function refund(queries: Queries, request: Refund): Promise<RefundAnswer> {
  const { scope, key, of, amount, at } = request;
  // Locked, though it never changes: so that of two refunds one sees what the other took.
  const original = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_request')
    .selectAll()
    .where(isNamed(of))
    .where('refused', '=', sql.lit(0 as const))
    .where('kind', 'not in', [sql.lit('refund' as const), sql.lit('hold' as const)])
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  if (original === undefined) throw new KontorError('not_found', `There is no transfer ${of.scope}/${of.key} to refund.`);
  const movement: Movement = {
    scope,
    key,
    at,
    amount,
    kind: 'refund',
    of: original.id,
    debit: original.credit,
    credit: original.debit,
    memo: plainMemo(request.memo ?? original.memo),
  };
  const available = original.amount - (await refundedOf(queries, original.id));
  const posting = await Posting.open(queries, [movement]);
  const before = answerBefore(posting, movement);
  if (before !== undefined) return before;
  if (amount > available) return { outcome: 'exceeds', available };
  const answer = posting.move(movement);
  await posting.write();
  if (answer.outcome === 'posted' && original.kind === 'capture') {
    await queries
      .withTables<CoinsTables>()
      .updateTable('coins_hold')
      .set((row) => ({ refunded: row('refunded', '+', amount) }))
      .where('id', '=', original.of_id)
      .execute();
  }
  return answer;
}

async function refundedOf(queries: Queries, transfer: number): Promise<number> {
  const { sum } = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_transfer')
    .select((row) => row.fn.sum<number | null>('amount').as('sum'))
    .where('kind', '=', 'refund')
    .where('of_id', '=', transfer)
    .executeTakeFirstOrThrow();
  return sum ?? 0;
}

type Hold = CoinsTables['coins_hold'];

/** The hold is locked before the accounts, by all who close it. */
async function lockHold(queries: Queries, name: RequestName): Promise<Hold> {
  const found = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_hold')
    .innerJoin('coins_request', 'coins_request.id', 'coins_hold.id')
    .selectAll('coins_hold')
    .where(isNamed(name))
    .$if(dialectOf(queries) === 'postgres', (query) => query.forUpdate('coins_hold'))
    .executeTakeFirst();
  if (found === undefined) throw new KontorError('not_found', `There is no hold ${name.scope}/${name.key}.`);
  return found;
}

/** Lets go of what is held of these payers. */
async function release(queries: Queries, holds: readonly Pick<Hold, 'payer' | 'amount'>[]): Promise<void> {
  const accounts = await MovingAccounts.lock(
    queries,
    holds.map(({ payer }) => payer),
  );
  for (const { payer, amount } of holds) accounts.get(payer).held -= amount;
  await accounts.save(queries);
}

/** Nobody may have come to let go of it yet. */
function stateAt({ state, expires_at }: Hold, at: number): HoldState {
  return state === 'open' && expires_at <= at ? 'expired' : state;
}

async function closeHolds(queries: Queries, ids: readonly number[], state: HoldState, captured: number): Promise<void> {
  await queries
    .withTables<CoinsTables>()
    .updateTable('coins_hold')
    .set({ state, captured })
    .where(isAmong(queries, 'id', ids))
    .execute();
}
