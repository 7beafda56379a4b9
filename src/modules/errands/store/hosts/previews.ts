/** How often pages are tried out: counted in the State, so that all instances count together. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';

/** So many at once, and then one each `everyMs`. */
interface Pace {
  readonly atOnce: number;
  readonly everyMs: number;
}

const ofAccount: Pace = { atOnce: 10, everyMs: 6_000 };
/** By all accounts together. */
const ofHost: Pace = { atOnce: 20, everyMs: 3_000 };

export interface TriedPage {
  readonly accountId: string;
  /** Undefined for a host of the house's own, which has no limit. */
  readonly host: string | undefined;
}

export type PreviewTurn = { readonly outcome: 'now' } | { readonly outcome: 'account' | 'host'; readonly waitMs: number };

/** Counts a test fetch, or tells who made too many of them and how long to wait. */
export async function takePreviewTurn(queries: Queries, { accountId, host }: TriedPage, now: number): Promise<PreviewTurn> {
  const waitMs = await take(queries, `account ${accountId}`, ofAccount, now);
  if (waitMs > 0) return { outcome: 'account', waitMs };
  const hostMs = host === undefined ? 0 : await take(queries, `host ${host}`, ofHost, now);
  return hostMs > 0 ? { outcome: 'host', waitMs: hostMs } : { outcome: 'now' };
}

/** `paid_until` is when all turns that were taken would be over at their pace: it may be so far ahead as the turns at once reach. */
async function take(queries: Queries, key: string, { atOnce, everyMs }: Pace, now: number): Promise<number> {
  const latest = now + (atOnce - 1) * everyMs;
  const { rows: taken } = await sql`insert into errands_preview (key, paid_until) values (${key}, ${now + everyMs})
    on conflict (key) do update set
      paid_until = case when errands_preview.paid_until > ${now} then errands_preview.paid_until else ${now} end + ${everyMs}
      where errands_preview.paid_until <= ${latest}
    returning key`.execute(queries);
  if (taken.length > 0) return 0;
  const { rows } = await sql<{ paid_until: number }>`select paid_until from errands_preview where key = ${key}`.execute(queries);
  return Math.max(1, (rows[0]?.paid_until ?? latest) - latest);
}

/** Those who need not wait any more. Resolves how many. */
export async function forgetPreviews(queries: Queries, now: number, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`delete from errands_preview where key in (
    select key from errands_preview where paid_until < ${now} order by paid_until limit ${limit})`.execute(queries);
  return Number(numAffectedRows ?? 0);
}
