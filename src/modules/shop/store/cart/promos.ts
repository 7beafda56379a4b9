/** Promo codes: who may use which, counted where it is decided, so that no limit is ever passed. */
import { sql } from 'kysely';
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { type Promo, usesKey } from '../../domain/promos.ts';
import { insertRows } from '../rows.ts';
import { type ShopTables, shopTables } from '../tables.ts';

function promoOf(row: ShopTables['shop_promo']): Promo {
  const { code, kind, value, uses } = row;
  return {
    code,
    kind,
    value,
    minSubtotal: row.min_subtotal,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    maxUses: row.max_uses,
    maxUsesPerAccount: row.max_uses_per_account,
    uses,
    active: row.active === 1,
  };
}

export async function findPromo(queries: Queries, code: string): Promise<Promo | undefined> {
  const row = await shopTables(queries).selectFrom('shop_promo').selectAll().where('code', '=', code).executeTakeFirst();
  return row === undefined ? undefined : promoOf(row);
}

/** Locked in the order of their codes, so that uses are counted by one transaction at a time. */
export async function lockPromos(queries: Queries, codes: readonly string[]): Promise<Map<string, Promo>> {
  if (codes.length === 0) return new Map();
  const rows = await shopTables(queries)
    .selectFrom('shop_promo')
    .selectAll()
    .where(isAmong(queries, 'code', [...new Set(codes)]))
    .orderBy('code')
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .execute();
  return new Map(rows.map((row) => [row.code, promoOf(row)]));
}

/** By `usesKey`. Read after the codes are locked. */
export async function usesByAccounts(
  queries: Queries,
  codes: readonly string[],
  accountIds: readonly string[],
): Promise<Map<string, number>> {
  if (codes.length === 0) return new Map();
  const rows = await shopTables(queries)
    .selectFrom('shop_promo_use')
    .selectAll()
    .where('code', 'in', codes)
    .where('account_id', 'in', accountIds)
    .execute();
  return new Map(rows.map(({ code, account_id, uses }) => [usesKey(code, account_id), uses]));
}

export interface PromoUse {
  readonly code: string;
  readonly accountId: string;
}

const useColumns = { code: 'text', account_id: 'text', uses: 'bigint' } as const;

/** Counts the uses, or takes them back with −1. The table refuses what passes a code's limit. */
export async function countUses(queries: Queries, uses: readonly PromoUse[], by: 1 | -1): Promise<void> {
  if (uses.length === 0) return;
  for (const [code, its] of [...Map.groupBy(uses, (use) => use.code)].sort(([one], [other]) => (one < other ? -1 : 1))) {
    await shopTables(queries)
      .updateTable('shop_promo')
      .set((promo) => ({ uses: promo('uses', '+', by * its.length) }))
      .where('code', '=', code)
      .execute();
  }
  const byAccount = Map.groupBy(uses, ({ code, accountId }) => usesKey(code, accountId));
  const rows = [...byAccount.values()].flatMap((its) =>
    its.slice(0, 1).map(({ code, accountId }) => ({ code, account_id: accountId, uses: by * its.length })),
  );
  if (by === 1) {
    const add = sql`on conflict (code, account_id) do update set uses = shop_promo_use.uses + excluded.uses`;
    await insertRows(queries, 'shop_promo_use', rows, add);
    return;
  }
  await sql`update shop_promo_use set uses = shop_promo_use.uses + change.uses from (${rowsFrom(queries, useColumns, rows)}) as change
    where shop_promo_use.code = change.code and shop_promo_use.account_id = change.account_id`.execute(queries);
}

export type PromoToSave = Omit<Promo, 'uses'>;

/** Adds a code, or changes it. Resolves undefined when a limit would be below what was used already. */
export async function savePromo(queries: Queries, promo: PromoToSave, now: number): Promise<Promo | undefined> {
  const { code, kind, value, minSubtotal, startsAt, endsAt, maxUses, maxUsesPerAccount } = promo;
  const rules = {
    kind,
    value,
    min_subtotal: minSubtotal,
    starts_at: startsAt,
    ends_at: endsAt,
    max_uses: maxUses,
    max_uses_per_account: maxUsesPerAccount,
    active: promo.active ? (1 as const) : (0 as const),
  };
  const row = await shopTables(queries)
    .insertInto('shop_promo')
    .values({ ...rules, code, uses: 0, created_at: now })
    .onConflict((conflict) =>
      conflict
        .column('code')
        .doUpdateSet(rules)
        .where((stored) => stored.or([stored.val(maxUses === null), stored('shop_promo.uses', '<=', maxUses ?? 0)])),
    )
    .returningAll()
    .executeTakeFirst();
  return row && promoOf(row);
}

const promoCursor = pageCursor('promo codes', ['integer', 'text']);

/** The newest first. */
export async function listPromos(queries: Queries, { after, limit }: PageRequest): Promise<Page<Promo>> {
  const rows = await shopTables(queries)
    .selectFrom('shop_promo')
    .selectAll()
    .where(isAfter(['created_at', 'code'], 'desc', promoCursor.read(after)))
    .orderBy('created_at', 'desc')
    .orderBy('code', 'desc')
    .limit(limit + 1)
    .execute();
  const { items, next } = pageOf(rows, limit, ({ created_at, code }) => promoCursor.write([created_at, code]));
  return { items: items.map(promoOf), next };
}
