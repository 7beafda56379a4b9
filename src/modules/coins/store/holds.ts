/** Holds: coins of a payer set aside for a payee, until they are captured, voided or expired. */
import { sql } from 'kysely';
import { KontorError } from '#core/errors.ts';
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { type Answer, type Conflict, type Insufficient, type Movement, MovingAccounts } from '../domain/posting.ts';
import { type HoldState, plainMemo, type Request, type RequestName } from '../domain/requests.ts';
import { lockAccounts, saveAccounts } from './accounts.ts';
import { openPosting, writePosting } from './posting.ts';
import { isNamed } from './requests.ts';
import { type CoinsTables, coinsTables } from './tables.ts';

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
export async function placeHold(queries: Queries, { payer, payee, expiresAt, ...rest }: NewHold): Promise<HoldAnswer> {
  const request: Request = { ...rest, kind: 'hold', debit: payer, credit: payee, memo: plainMemo(rest.memo) };
  const { amount, memo, at } = request;
  const posting = await openPosting(queries, [request]);
  const before = posting.before(request);
  if (before === 'conflict') return { outcome: 'conflict' };
  if (before !== undefined) return { outcome: 'replayed', first: before.refused === 1 ? 'refused' : 'placed' };
  const answer = posting.hold(request);
  await writePosting(queries, posting);
  if (answer.outcome === 'insufficient') return answer;
  const { id } = answer;
  await coinsTables(queries)
    .insertInto('coins_hold')
    .values({ id, payer, payee, amount, captured: 0, refunded: 0, state: 'open', memo, placed_at: at, expires_at: expiresAt })
    .execute();
  return { outcome: 'placed' };
}

export interface Capture extends RequestName {
  readonly hold: RequestName;
  /** At most what is held, and that if left out. The rest is free again: a hold is captured once. */
  readonly amount?: number;
  readonly at: number;
  readonly memo?: string;
}

/** It was captured or voided, or has expired. */
interface Closed {
  readonly outcome: 'closed';
  readonly state: Exclude<HoldState, 'open'>;
}

export type CaptureAnswer = Answer | Closed | { readonly outcome: 'exceeds'; readonly available: number };

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
  // An expired one may not be closed yet.
  const state = held.state === 'open' && held.expires_at <= at ? 'expired' : held.state;
  if (state === 'open' && amount > held.amount) return { outcome: 'exceeds', available: held.amount };
  const posting = await openPosting(queries, [movement]);
  const before = posting.answerBefore(movement);
  if (before !== undefined) return before;
  if (state !== 'open') return { outcome: 'closed', state };
  const answer = posting.move(movement);
  await writePosting(queries, posting);
  if (answer.outcome === 'posted') await closeHolds(queries, [held.id], 'captured', amount);
  return answer;
}

export type VoidAnswer = { readonly outcome: 'voided' } | Closed;

/** Releases the coins. Rejects with `not_found` when there is no such hold. */
export async function voidHold(queries: Queries, name: RequestName): Promise<VoidAnswer> {
  const hold = await lockHold(queries, name);
  if (hold.state !== 'open') return { outcome: 'closed', state: hold.state };
  await release(queries, [hold]);
  await closeHolds(queries, [hold.id], 'voided', 0);
  return { outcome: 'voided' };
}

/** Releases the coins of holds that were not captured in time, at most `limit` of them; resolves how many. */
export async function expireHolds(queries: Queries, at: number, limit: number): Promise<number> {
  const due = await coinsTables(queries)
    .selectFrom('coins_hold')
    .select(['id', 'payer', 'amount'])
    .where('state', '=', sql.lit('open'))
    .where('expires_at', '<=', at)
    .orderBy('expires_at')
    .limit(limit)
    // One that is being captured or voided at this moment is skipped.
    .$if(dialectOf(queries) === 'postgres', (query) => query.forUpdate().skipLocked())
    .execute();
  if (due.length === 0) return 0;
  await release(queries, due);
  const ids = due.map(({ id }) => id);
  await closeHolds(queries, ids, 'expired', 0);
  return due.length;
}

export interface OpenHold {
  readonly id: number;
  readonly payee: string;
  readonly amount: number;
  readonly memo: string;
  readonly placedAt: number;
  readonly expiresAt: number;
}

const holdCursor = pageCursor('holds', ['integer', 'integer']);

/** What is held of an account at present, the newest first. */
export async function readOpenHolds(queries: Queries, payer: string, { limit, after }: PageRequest): Promise<Page<OpenHold>> {
  const rows = await coinsTables(queries)
    .selectFrom('coins_hold')
    .select(['id', 'payee', 'amount', 'memo', 'placed_at as placedAt', 'expires_at as expiresAt'])
    .where('state', '=', sql.lit('open'))
    .where('payer', '=', payer)
    .where(isAfter(['placed_at', 'id'], 'desc', holdCursor.read(after)))
    .orderBy('placed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, ({ placedAt, id }) => holdCursor.write([placedAt, id]));
}

type Hold = CoinsTables['coins_hold'];

/** The hold is locked before the accounts, by all who close it. */
async function lockHold(queries: Queries, name: RequestName): Promise<Hold> {
  const found = await coinsTables(queries)
    .selectFrom('coins_hold')
    .innerJoin('coins_request', 'coins_request.id', 'coins_hold.id')
    .selectAll('coins_hold')
    .where(isNamed(name))
    .$if(dialectOf(queries) === 'postgres', (query) => query.forUpdate('coins_hold'))
    .executeTakeFirst();
  if (found === undefined) throw new KontorError('not_found', `There is no hold ${name.scope}/${name.key}.`);
  return found;
}

async function release(queries: Queries, holds: readonly Pick<Hold, 'payer' | 'amount'>[]): Promise<void> {
  const payers = holds.map(({ payer }) => payer);
  const accounts = new MovingAccounts([...(await lockAccounts(queries, payers)).values()]);
  for (const { payer, amount } of holds) accounts.get(payer).held -= amount;
  await saveAccounts(queries, accounts.changed);
}

async function closeHolds(queries: Queries, ids: readonly number[], state: HoldState, captured: number): Promise<void> {
  await coinsTables(queries)
    .updateTable('coins_hold')
    .set({ state, captured })
    .where(isAmong(queries, 'id', ids))
    .execute();
}
