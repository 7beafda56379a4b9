/** Prices of one fare and runs of the pricer, for pages, commands and replays. */
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { type PriceTables, priceTables } from './tables.ts';

const newestPrices = 500;
const runCursor = pageCursor('runs of the pricer', ['integer', 'text']);

export type PriceRow = PriceTables['flights_price'];
export type RunRow = PriceTables['flights_run'];

/** The newest changes of a fare up to a moment, the oldest first. */
export async function readChanges(
  queries: Queries,
  flightId: string,
  cabin: PriceRow['cabin'],
  until: number,
): Promise<readonly PriceRow[]> {
  const rows = await priceTables(queries)
    .selectFrom('flights_price')
    .selectAll()
    .where('flight_id', '=', flightId)
    .where('cabin', '=', cabin)
    .where('at', '<=', until)
    .orderBy('at', 'desc')
    .limit(newestPrices)
    .execute();
  return rows.reverse();
}

/** The newest first. */
export async function listRuns(queries: Queries, { limit, after }: PageRequest): Promise<Page<RunRow>> {
  const rows = await priceTables(queries)
    .selectFrom('flights_run')
    .selectAll()
    .where(isAfter(['started_at', 'id'], 'desc', runCursor.read(after)))
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, ({ started_at, id }) => runCursor.write([started_at, id]));
}

export async function pricesOfRun(queries: Queries, runId: string): Promise<readonly PriceRow[]> {
  return priceTables(queries)
    .selectFrom('flights_price')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('flight_id')
    .orderBy('cabin')
    .execute();
}
