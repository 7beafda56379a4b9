/** Companies whose trades come from outside: known from their first trade on, and retired by admins. */

import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { stocksRefusals } from '../refusals.ts';
import { stocksTables } from './tables.ts';

interface OutsideCompany {
  readonly company: string;
  readonly firstAt: number;
  /** Null while it trades. */
  readonly retiredAt: number | null;
}

/** Those that trade. Each is a partition with a cursor, shown on the page: more than this is a mistake in the sender's codes. */
export const maxOutsideCompanies = 1_000;

const cursor = pageCursor('companies from outside', ['text']);

/** By code. */
export async function listOutsideCompanies(queries: Queries, { limit, after }: PageRequest): Promise<Page<OutsideCompany>> {
  const rows = await stocksTables(queries)
    .selectFrom('stocks_outside_company')
    .selectAll()
    .where(isAfter(['company'], 'asc', cursor.read(after)))
    .orderBy('company')
    .limit(limit + 1)
    .execute();
  return pageOf(rows.map(outsideCompany), limit, ({ company }) => cursor.write([company]));
}

/** Those that trade, and all there ever were. */
export async function countOutside(queries: Queries): Promise<{ readonly active: number; readonly ever: number }> {
  const { ever, retired } = await stocksTables(queries)
    .selectFrom('stocks_outside_company')
    .select((select) => [select.fn.countAll<number>().as('ever'), select.fn.count<number>('retired_at').as('retired')])
    .executeTakeFirstOrThrow();
  return { active: Number(ever) - Number(retired), ever: Number(ever) };
}

/**
 * A retired company takes no more trades, is not listed, and leaves its place to another. What it traded stays in the books, so that
 * the laws hold as before. Null brings it back. Undefined where there is no such company.
 */
export async function setRetired(queries: Queries, company: string, retiredAt: number | null): Promise<OutsideCompany | undefined> {
  const tables = stocksTables(queries);
  const before = await tables.selectFrom('stocks_outside_company').selectAll().where('company', '=', company).executeTakeFirst();
  if (before?.retired_at != null && retiredAt === null) {
    const { active: known } = await countOutside(queries);
    if (known >= maxOutsideCompanies) throw refuse(stocksRefusals, 'company-limit', { company, known, most: maxOutsideCompanies });
  }
  const row = await tables
    .updateTable('stocks_outside_company')
    .set({ retired_at: retiredAt })
    .where('company', '=', company)
    .returningAll()
    .executeTakeFirst();
  return row && outsideCompany(row);
}

export async function retiredCompanies(queries: Queries): Promise<ReadonlySet<string>> {
  const rows = await stocksTables(queries)
    .selectFrom('stocks_outside_company')
    .select('company')
    .where('retired_at', 'is not', null)
    .execute();
  return new Set(rows.map(({ company }) => company));
}

function outsideCompany(row: { company: string; first_at: number; retired_at: number | null }): OutsideCompany {
  return { company: row.company, firstAt: row.first_at, retiredAt: row.retired_at };
}
