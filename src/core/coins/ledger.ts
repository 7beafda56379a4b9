/** The ledger: coins move from one account into another inside the caller's transaction, each request once. */
import { sql } from 'kysely';
import { invariant, KontorError } from '../errors.ts';
import type { Dialect, Queries } from '../ports/state.ts';
import { isAmong } from './among.ts';
import { hold, type Movement, type MovementAnswer, maxAmount, maxMemoLength, move } from './movements.ts';
import { claimRequests, findRequest, isNamed, type NewRequest, type RequestName } from './requests.ts';
import type { AccountMode, CoinsTables, HoldState, TransferKind } from './tables.ts';

/** The house's own accounts, opened by the first migration: rollups, which everybody may pay to at the same time. */
export const houseAccounts = {
  fees: 'house:fees',
  /** Where coins come from: it is below zero by what there is in the world. */
  mint: 'house:mint',
  escrow: 'house:escrow',
  shopRevenue: 'revenue:shop',
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
export interface Replayed {
  readonly outcome: 'replayed';
  readonly first: 'posted' | 'refused';
}

export type Answer =
  | MovementAnswer
  | Replayed
  /** The key was used before, for something else: nothing was done. */
  | { readonly outcome: 'conflict' };

export const maxTransfersPerCall = 1_000;

/**
 * Moves coins in the caller's transaction; an answer for each request, in order. What was refused moved nothing, and is
 * remembered as refused if the caller commits all the same. Rejects with `not_found` where an account is not open.
 */
export async function post(queries: Queries, dialect: Dialect, requests: readonly Transfer[]): Promise<readonly Answer[]> {
  if (requests.length === 0) return [];
  invariant(requests.length <= maxTransfersPerCall, `${requests.length} transfers in a call: at most ${maxTransfersPerCall}`);
  const movements = requests.map((request): Asked => ({ ...request, memo: plainMemo(request.memo) }));
  return moveOnce(queries, dialect, movements);
}

/** Cut to what fits, and without what a store could not give back as it was: the hash is of what is stored. */
function plainMemo(memo = ''): string {
  return memo.slice(0, maxMemoLength).toWellFormed().replaceAll('\0', '');
}

/** A movement that somebody asks for, not yet known to be a new one. */
type Asked = Omit<Movement, 'id'> & RequestName & { readonly at: number };

async function moveOnce(queries: Queries, dialect: Dialect, asked: readonly Asked[]): Promise<readonly Answer[]> {
  const claims = await claimRequests(queries, dialect, asked.map(requestOf));
  const fresh = asked.flatMap((one, index): Movement[] => {
    const claim = claims[index];
    return claim?.outcome === 'new' ? [{ ...one, id: claim.id }] : [];
  });
  const moved = (await move(queries, dialect, fresh)).values();
  const repeated = claims.flatMap((claim) => (claim.outcome === 'replayed' ? [claim.id] : []));
  const posted = await postedAmong(queries, dialect, repeated);
  return claims.map((claim): Answer => {
    if (claim.outcome === 'conflict') return { outcome: 'conflict' };
    if (claim.outcome === 'replayed') return { outcome: 'replayed', first: posted.has(claim.id) ? 'posted' : 'refused' };
    const answer = moved.next().value;
    invariant(answer, 'every new movement has an answer');
    return answer;
  });
}

/** The answer to a request that was made before; undefined for a new one, of which nothing is written down. */
async function answerBefore(queries: Queries, dialect: Dialect, asked: Asked): Promise<Answer | undefined> {
  const claim = await findRequest(queries, dialect, requestOf(asked));
  if (claim === undefined) return undefined;
  if (claim.outcome === 'conflict') return { outcome: 'conflict' };
  const posted = await postedAmong(queries, dialect, [claim.id]);
  return { outcome: 'replayed', first: posted.size > 0 ? 'posted' : 'refused' };
}

/** What the key stands for. The time is not part of it: whoever asks again does so later. */
function requestOf({ scope, key, at, kind, debit, credit, amount, memo, of }: Asked): NewRequest {
  return { scope, key, at, body: requestBody({ kind, debit, credit, amount, memo, of_id: of ?? null }) };
}

type RequestedColumns = Pick<CoinsTables['coins_transfer'], 'kind' | 'debit' | 'credit' | 'amount' | 'memo' | 'of_id'>;

/** Also what the law recomputes from a stored transfer. */
export function requestBody({ kind, debit, credit, amount, memo, of_id: of }: RequestedColumns): NewRequest['body'] {
  return [kind, debit, credit, amount, memo, of];
}

async function postedAmong(queries: Queries, dialect: Dialect, ids: readonly number[]): Promise<ReadonlySet<number>> {
  if (ids.length === 0) return new Set();
  const rows = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_transfer')
    .select('id')
    .where(isAmong(dialect, 'id', ids))
    .execute();
  return new Set(rows.map(({ id }) => id));
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
  | { readonly outcome: 'insufficient'; readonly available: number }
  | { readonly outcome: 'replayed'; readonly first: 'placed' | 'refused' }
  | { readonly outcome: 'conflict' };

/** Sets coins of the payer aside for the payee. The hold goes by the name of this request. */
export async function placeHold(queries: Queries, dialect: Dialect, request: NewHold): Promise<HoldAnswer> {
  const { scope, key, payer, payee, amount, at, expiresAt } = request;
  const memo = plainMemo(request.memo);
  invariant(Number.isSafeInteger(amount) && amount > 0 && amount <= maxAmount, `a hold of ${amount} coins: 1 to ${maxAmount} can be held`);
  invariant(payer !== payee, `the hold ${scope}/${key} is from ${payer} to itself`);
  const [claim] = await claimRequests(queries, dialect, [{ scope, key, at, body: ['hold', payer, payee, amount, memo] }]);
  invariant(claim, 'every request is claimed or not');
  if (claim.outcome === 'conflict') return { outcome: 'conflict' };
  const { id } = claim;
  const tables = queries.withTables<CoinsTables>();
  if (claim.outcome === 'replayed') {
    const placed = await tables.selectFrom('coins_hold').select('id').where('id', '=', id).executeTakeFirst();
    return { outcome: 'replayed', first: placed === undefined ? 'refused' : 'placed' };
  }
  const [answer] = await hold(queries, dialect, [{ payer, amount }]);
  invariant(answer, 'every hold has an answer');
  if (answer.outcome === 'insufficient') return answer;
  await tables
    .insertInto('coins_hold')
    .values({ id, payer, payee, amount, captured: 0, refunded: 0, state: 'open', memo, placed_at: at, expires_at: expiresAt })
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
export async function captureHold(queries: Queries, dialect: Dialect, request: Capture): Promise<CaptureAnswer> {
  const held = await lockHold(queries, dialect, request.hold);
  const { scope, key, at, amount = held.amount } = request;
  const movement: Asked = {
    ...{ scope, key, at, amount, kind: 'capture', of: held.id },
    ...{ debit: held.payer, credit: held.payee, memo: plainMemo(request.memo ?? held.memo), releases: held.amount },
  };
  const state = stateAt(held, at);
  if (state !== 'open') return (await answerBefore(queries, dialect, movement)) ?? { outcome: 'closed', state };
  if (amount > held.amount) return { outcome: 'exceeds', available: held.amount };
  const [answer] = await moveOnce(queries, dialect, [movement]);
  invariant(answer, 'every movement has an answer');
  if (answer.outcome === 'posted') await closeHolds(queries, dialect, [held.id], 'captured', amount);
  return answer;
}

export type VoidAnswer = { readonly outcome: 'voided' } | { readonly outcome: 'closed'; readonly state: Exclude<HoldState, 'open'> };

/** Lets go of what is held. Rejects with `not_found` when there is no such hold. */
export async function voidHold(queries: Queries, dialect: Dialect, name: RequestName): Promise<VoidAnswer> {
  const { id, state, payer, amount } = await lockHold(queries, dialect, name);
  if (state !== 'open') return { outcome: 'closed', state };
  await hold(queries, dialect, [{ payer, amount: -amount }]);
  await closeHolds(queries, dialect, [id], 'voided', 0);
  return { outcome: 'voided' };
}

/** Lets go of holds that nobody captured in time, at most `limit` of them; resolves how many. */
export async function expireHolds(queries: Queries, dialect: Dialect, at: number, limit: number): Promise<number> {
  const due = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_hold')
    .select(['id', 'payer', 'amount'])
    .where('state', '=', sql.lit('open'))
    .where('expires_at', '<=', at)
    .orderBy('expires_at')
    .limit(limit)
    // One that is being captured at this moment is left to whoever does it.
    .$if(dialect === 'postgres', (query) => query.forUpdate().skipLocked())
    .execute();
  if (due.length === 0) return 0;
  await hold(
    queries,
    dialect,
    due.map(({ payer, amount }) => ({ payer, amount: -amount })),
  );
  const ids = due.map(({ id }) => id);
  await closeHolds(queries, dialect, ids, 'expired', 0);
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
export async function refund(queries: Queries, dialect: Dialect, request: Refund): Promise<RefundAnswer> {
  const { scope, key, of, amount, at } = request;
  // Locked, though it never changes: so that of two refunds one sees what the other took.
  const original = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_transfer')
    .innerJoin('coins_request', 'coins_request.id', 'coins_transfer.id')
    .selectAll('coins_transfer')
    .where(isNamed(of))
    .where('kind', '<>', 'refund')
    .$if(dialect === 'postgres', (query) => query.forNoKeyUpdate('coins_transfer'))
    .executeTakeFirst();
  if (original === undefined) throw new KontorError('not_found', `There is no transfer ${of.scope}/${of.key} to refund.`);
  const movement: Asked = {
    ...{ scope, key, at, amount, kind: 'refund', of: original.id },
    ...{ debit: original.credit, credit: original.debit, memo: plainMemo(request.memo ?? original.memo) },
  };
  const available = original.amount - (await refundedOf(queries, original.id));
  if (amount > available) return (await answerBefore(queries, dialect, movement)) ?? { outcome: 'exceeds', available };
  const [answer] = await moveOnce(queries, dialect, [movement]);
  invariant(answer, 'every movement has an answer');
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
async function lockHold(queries: Queries, dialect: Dialect, name: RequestName): Promise<Hold> {
  const found = await queries
    .withTables<CoinsTables>()
    .selectFrom('coins_hold')
    .innerJoin('coins_request', 'coins_request.id', 'coins_hold.id')
    .selectAll('coins_hold')
    .where(isNamed(name))
    .$if(dialect === 'postgres', (query) => query.forUpdate('coins_hold'))
    .executeTakeFirst();
  if (found === undefined) throw new KontorError('not_found', `There is no hold ${name.scope}/${name.key}.`);
  return found;
}

/** Nobody may have come to let go of it yet. */
function stateAt({ state, expires_at }: Hold, at: number): HoldState {
  return state === 'open' && expires_at <= at ? 'expired' : state;
}

async function closeHolds(queries: Queries, dialect: Dialect, ids: readonly number[], state: HoldState, captured: number): Promise<void> {
  await queries
    .withTables<CoinsTables>()
    .updateTable('coins_hold')
    .set({ state, captured })
    .where(isAmong(dialect, 'id', ids))
    .execute();
}
