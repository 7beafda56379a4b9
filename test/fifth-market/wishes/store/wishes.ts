/** Makes wishes, each paid for and put on the tape in one transaction, and reads them. */
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { hashOfBody } from '#core/request-keys.ts';
import { openAccount, post } from '#modules/coins/post.ts';
import { recordSales } from '#modules/stocks/tape.ts';
import { instrument, revenueAccount, type Wish } from '../domain/wish.ts';
import { wishesTables } from './tables.ts';

/** Names the wishes' requests in the ledger; the key is the wish's id. */
export const ledgerScope = 'wishes';

export interface NewWish {
  readonly accountId: string;
  /** Of the request: sent again, it is the same wish. */
  readonly key: string;
  readonly text: string;
  readonly price: number;
  readonly now: number;
}

export type Made =
  | { readonly outcome: 'made' | 'repeated'; readonly wish: Wish }
  | { readonly outcome: 'key-reused' }
  /** The caller must not commit. */
  | { readonly outcome: 'insufficient'; readonly available: number };

/** In the caller's transaction. */
export async function makeWish(queries: Queries, { accountId, key, text, price, now }: NewWish): Promise<Made> {
  // Made of the request's name: of two requests with one key at the same moment, the second waits here for the first.
  const id = hashOfBody(`${accountId} ${key}`).slice(0, 32);
  const { numInsertedOrUpdatedRows: inserted } = await wishesTables(queries)
    .insertInto('wishes_wish')
    .values({ id, account_id: accountId, text, price, made_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  if (inserted === 0n) {
    const wish = await selectWishes(queries).where('id', '=', id).executeTakeFirstOrThrow();
    return wish.text === text ? { outcome: 'repeated', wish } : { outcome: 'key-reused' };
  }
  const wallet = await openAccount(queries, { owner: accountId, kind: 'wallet', mode: 'strict' });
  const [paid] = await post(queries, [
    { scope: ledgerScope, key: id, kind: 'purchase', debit: wallet, credit: revenueAccount, amount: price, memo: text, at: now },
  ]);
  if (paid?.outcome === 'insufficient') return paid;
  await recordSales(queries, [{ instrument, priceCents: price * 100, quantity: 1, at: now }], now);
  return { outcome: 'made', wish: { id, text, price, at: now } };
}

const cursor = pageCursor('wishes', ['integer', 'text']);

/** Newest first. */
export async function readWishes(queries: Queries, { limit, after }: PageRequest): Promise<Page<Wish>> {
  const rows = await selectWishes(queries)
    .where(isAfter(['made_at', 'id'], 'desc', cursor.read(after)))
    .orderBy('made_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, ({ at, id }) => cursor.write([at, id]));
}

function selectWishes(queries: Queries) {
  return wishesTables(queries).selectFrom('wishes_wish').select(['id', 'text', 'price', 'made_at as at']);
}
