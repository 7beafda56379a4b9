/** Promo codes: who may use which, counted where it is decided, so that no limit is ever passed. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import type { Discount } from '../../domain/arithmetic.ts';
import { type ShopTables, shopTables } from '../tables.ts';

export interface Promo {
  readonly code: string;
  readonly kind: 'percent' | 'amount';
  /** Percent, or coins. */
  readonly value: number;
  readonly minSubtotal: number;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  readonly maxUses: number | null;
  readonly maxUsesPerAccount: number | null;
  readonly uses: number;
  readonly active: boolean;
}

/** Codes as people type them: `lotse 10 ` is `LOTSE10`. */
export function plainCode(code: string): string {
  return code.replaceAll(/\s/g, '').toUpperCase();
}

function promoOf(row: ShopTables['shop_promo']): Promo {
  const { code, kind, value, uses } = row;
  return {
    code,
    kind,
    value,
    uses,
    active: row.active === 1,
    minSubtotal: row.min_subtotal,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    maxUses: row.max_uses,
    maxUsesPerAccount: row.max_uses_per_account,
  };
}

export function discountOf({ kind, value, minSubtotal }: Promo): Discount {
  return { kind, value, minSubtotal };
}

export async function findPromo(queries: Queries, code: string): Promise<Promo | undefined> {
  const row = await shopTables(queries).selectFrom('shop_promo').selectAll().where('code', '=', code).executeTakeFirst();
  return row === undefined ? undefined : promoOf(row);
}

/** Locked in the order of their codes, so that whoever counts uses counts alone. */
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

export function usesKey(code: string, accountId: string): string {
  return `${code}\n${accountId}`;
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
    await sql`insert into shop_promo_use (code, account_id, uses) ${rowsFrom(queries, useColumns, rows)}
      on conflict (code, account_id) do update set uses = shop_promo_use.uses + excluded.uses`.execute(queries);
  } else {
    await sql`update shop_promo_use set uses = shop_promo_use.uses + change.uses from (${rowsFrom(queries, useColumns, rows)}) as change
      where shop_promo_use.code = change.code and shop_promo_use.account_id = change.account_id`.execute(queries);
  }
}

export type PromoToSave = Omit<Promo, 'uses'>;

/** Resolves false when a limit would be below what was used already. */
export async function savePromo(queries: Queries, promo: PromoToSave, now: number): Promise<boolean> {
  const row = {
    kind: promo.kind,
    value: promo.value,
    min_subtotal: promo.minSubtotal,
    starts_at: promo.startsAt,
    ends_at: promo.endsAt,
    max_uses: promo.maxUses,
    max_uses_per_account: promo.maxUsesPerAccount,
    active: promo.active ? (1 as const) : (0 as const),
  };
  const { numInsertedOrUpdatedRows } = await shopTables(queries)
    .insertInto('shop_promo')
    .values({ code: promo.code, ...row, uses: 0, created_at: now })
    .onConflict((conflict) =>
      conflict
        .column('code')
        .doUpdateSet(row)
        .where((stored) => stored.or([stored.val(promo.maxUses === null), stored('shop_promo.uses', '<=', promo.maxUses ?? 0)])),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function listPromos(queries: Queries, limit: number): Promise<readonly Promo[]> {
  const rows = await shopTables(queries)
    .selectFrom('shop_promo')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('code')
    .limit(limit)
    .execute();
  return rows.map(promoOf);
}
