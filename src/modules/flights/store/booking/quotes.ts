/** Quotes in the State: given to many in one transaction, read by their holder, and forgotten. */
import { sql } from 'kysely';
import { type Batcher, openBatcher } from '#core/batcher.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { fareKey, isWhole } from '../../domain/booking-plan.ts';
import { type NewQuote, type OfferedFare, type OpenQuotes, planQuotes, type QuoteAnswer, type QuoteRequest } from '../../domain/quotes.ts';
import { flightColumns } from '../timetable/one-flight.ts';
import { type TimetableTables, timetable } from '../timetable/tables.ts';
import { type BookingTables, bookingTables, insertRows } from './tables.ts';

export interface QuoteContext {
  readonly random: Random;
  readonly now: number;
  /** How long a quote holds its price. */
  readonly quoteMs: number;
}

export type QuoteDesk = Batcher<QuoteRequest, QuoteAnswer>;

export function openQuoteDesk(state: State, context: () => QuoteContext): QuoteDesk {
  return openBatcher({
    what: 'quotes',
    maxWaiting: 1_000,
    maxBatch: 100,
    work: (requests) => state.write((queries) => giveQuotes(queries, requests, context())),
  });
}

async function giveQuotes(
  queries: Queries,
  requests: readonly QuoteRequest[],
  { random, now, quoteMs }: QuoteContext,
): Promise<readonly QuoteAnswer[]> {
  const flightIds = [...new Set(requests.flatMap((request) => request.flightIds))];
  const holders = [...new Set(requests.map(({ holder }) => holder))];
  const networks = [...new Set(requests.flatMap(({ network }) => network ?? []))];
  const [rows, openByHolder, openByNetwork] = await Promise.all([
    faresOf(queries, flightIds),
    openQuotes(queries, 'holder', holders, now),
    openQuotes(queries, 'network', networks, now),
  ]);
  const flights = new Map(rows.map(({ cabin, price, seatsLeft, ...flight }) => [flight.id, flight]));
  const fares = new Map<string, OfferedFare>(rows.map(({ id, cabin, price, seatsLeft }) => [fareKey(id, cabin), { price, seatsLeft }]));
  const books = { flights, fares, openByHolder, openByNetwork, now, quoteMs };
  const answers = planQuotes(requests, books, () => random.id());
  await writeQuotes(
    queries,
    answers.flatMap((answer) => (answer.outcome === 'quoted' ? answer.quote : [])),
  );
  return answers;
}

/** From the books, never from a cache. */
function faresOf(queries: Queries, flightIds: readonly string[]) {
  return timetable(queries)
    .selectFrom('flights_fare')
    .innerJoin('flights_flight', 'flights_flight.id', 'flights_fare.flight_id')
    .select(flightColumns)
    .select((fare) => ['cabin', 'price', fare('seats', '-', fare.ref('sold')).as('seatsLeft')])
    .where(isAmong(queries, 'flights_fare.flight_id', flightIds))
    .execute();
}

async function openQuotes(
  queries: Queries,
  column: 'holder' | 'network',
  values: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, OpenQuotes>> {
  if (values.length === 0) return new Map();
  const rows = await bookingTables(queries)
    .selectFrom('flights_quote')
    .where(isAmong(queries, column, values))
    .where('expires_at', '>', now)
    .where((quote) => quote.not(quote.exists(bookingOf(queries))))
    .groupBy(column)
    .select((quote) => [
      quote.ref(column).as('whose'),
      quote.fn.countAll<number>().as('count'),
      quote.fn.min('expires_at').as('nextExpiryAt'),
    ])
    .execute();
  return new Map(rows.map(({ whose, count, nextExpiryAt }) => [whose ?? '', { count: Number(count), nextExpiryAt }]));
}

async function writeQuotes(queries: Queries, quotes: readonly NewQuote[]): Promise<void> {
  const rows = quotes.map(({ id, holder, network, cabin, passengers, total, createdAt, expiresAt }) => ({
    id,
    holder,
    network,
    cabin,
    passengers,
    total,
    created_at: createdAt,
    expires_at: expiresAt,
  }));
  const legs = quotes.flatMap(({ id, legs }) => legs.map(({ flight, price }, leg) => ({ quote_id: id, leg, flight_id: flight.id, price })));
  await Promise.all([insertRows(queries, 'flights_quote', rows), insertRows(queries, 'flights_quote_leg', legs)]);
}

/** A quote is used when a booking names it. */
function bookingOf(queries: Queries) {
  return bookingTables(queries)
    .selectFrom('flights_booking')
    .whereRef('flights_booking.quote_id', '=', sql.ref('flights_quote.id'))
    .select(sql.lit(1).as('one'));
}

/** Undefined when there is none, when it is somebody else's, and when one of its flights is no longer in the timetable. */
export async function findQuote(queries: Queries, id: string, holders: readonly string[]): Promise<NewQuote | undefined> {
  const row = await bookingTables(queries)
    .selectFrom('flights_quote')
    .selectAll()
    .select((quote) => quote.exists(bookingOf(queries)).as('used'))
    .where('id', '=', id)
    .where('holder', 'in', holders)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const legs = (await legsOfQuotes(queries, [id])).map(({ quoteId, price, ...flight }) => ({ flight, price }));
  const quote = {
    id,
    holder: row.holder,
    network: row.network,
    cabin: row.cabin,
    passengers: row.passengers,
    total: row.total,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    isUsed: Boolean(row.used),
    legs,
  };
  return isWhole(quote) ? quote : undefined;
}

/** In the order of travel. */
export function legsOfQuotes(queries: Queries, quoteIds: readonly string[]) {
  return queries
    .withTables<BookingTables & TimetableTables>()
    .selectFrom('flights_quote_leg')
    .innerJoin('flights_flight', 'flights_flight.id', 'flights_quote_leg.flight_id')
    .select(['quote_id as quoteId', 'price'])
    .select(flightColumns)
    .where(isAmong(queries, 'quote_id', quoteIds))
    .orderBy('quote_id')
    .orderBy('leg')
    .execute();
}

/** Removes at most `limit` that expired before a time, the oldest first; resolves how many. */
export async function pruneQuotes(queries: Queries, expiredBefore: number, limit: number): Promise<number> {
  const tables = bookingTables(queries);
  const old = await tables
    .selectFrom('flights_quote')
    .select('id')
    .where('expires_at', '<', expiredBefore)
    .orderBy('expires_at')
    .limit(limit)
    .execute();
  const ids = old.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await Promise.all([
    tables
      .deleteFrom('flights_quote_leg')
      .where(isAmong(queries, 'quote_id', ids))
      .execute(),
    tables
      .deleteFrom('flights_quote')
      .where(isAmong(queries, 'id', ids))
      .execute(),
  ]);
  return ids.length;
}
