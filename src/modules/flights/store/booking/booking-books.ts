/** What bookings that are decided together depend on, read under locks. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { type LockedAccount, lockAccounts, walletOf } from '#modules/coins/post.ts';
import { type BookingBooks, type BookingRequest, fareKey, type HeldQuote, type QuotedLeg } from '../../domain/booking-plan.ts';
import type { Cabin } from '../../domain/cabins.ts';
import { lockFares } from './lock-fares.ts';
import { legsOfQuotes } from './quotes.ts';
import { bookingTables } from './tables.ts';

/**
 * Everybody who locks does so in this order: bookings, fares by flight and cabin, and the ledger's accounts. A quote never
 * changes, so that all of it is sent together: the State keeps the order in which it was sent. What is read after the fares are
 * locked, in statements of its own, stays true until the end of the transaction; another booking of the same quote waits for them.
 */
export async function readBookingBooks(queries: Queries, requests: readonly BookingRequest[]): Promise<Omit<BookingBooks, 'now'>> {
  const quoteIds = requests.map(({ quoteId }) => quoteId);
  const payers = requests.map(({ accountId }) => accountId);
  const [quotes, fares, used, legs, taken, wallets] = await Promise.all([
    quotesNamed(queries, quoteIds),
    lockFares(queries, faresOfQuotes(queries, quoteIds)),
    usedQuotes(queries, quoteIds),
    legsOfQuotes(queries, quoteIds),
    takenSeats(queries, quoteIds),
    lockAccounts(queries, payers.map(walletOf)),
  ]);
  const legsByQuote = new Map<string, QuotedLeg[]>();
  for (const { quoteId, price, ...flight } of legs) {
    const known = legsByQuote.get(quoteId) ?? [];
    known.push({ flight, price });
    legsByQuote.set(quoteId, known);
  }
  return {
    quotes: new Map(
      quotes.map((quote): [string, HeldQuote] => {
        const legs = legsByQuote.get(quote.id) ?? [];
        return [quote.id, { ...quote, isUsed: used.has(quote.id), legs }];
      }),
    ),
    seatsLeft: new Map(fares.map(({ flight_id, cabin, left }) => [fareKey(flight_id, cabin), left])),
    takenSeats: new Map(taken.map(({ flight_id, cabin, seats }) => [fareKey(flight_id, cabin), new Set(seats.split(' '))])),
    available: new Map(payers.map((accountId) => [accountId, spendable(wallets.get(walletOf(accountId)))])),
  };
}

/** An account that never had a wallet has no coins. */
function spendable(wallet: LockedAccount | undefined): number {
  return wallet === undefined ? 0 : wallet.posted - wallet.held - wallet.floor;
}

function quotesNamed(queries: Queries, ids: readonly string[]) {
  return bookingTables(queries)
    .selectFrom('flights_quote')
    .select(['id', 'holder', 'cabin', 'passengers', 'total', 'expires_at as expiresAt'])
    .where(isAmong(queries, 'id', ids))
    .execute();
}

async function usedQuotes(queries: Queries, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await bookingTables(queries)
    .selectFrom('flights_booking')
    .select('quote_id')
    .where(isAmong(queries, 'quote_id', ids))
    .execute();
  return new Set(rows.map(({ quote_id }) => quote_id));
}

/** The flights and cabins of quotes, each once. */
const faresOfQuotes = (queries: Queries, quoteIds: readonly string[]) =>
  sql`select distinct leg.flight_id, quote.cabin from flights_quote quote join flights_quote_leg leg on leg.quote_id = quote.id
    where ${isAmong(queries, 'quote.id', quoteIds)}`;

/** One row for each flight and cabin: rows of single seats would be many. */
async function takenSeats(queries: Queries, quoteIds: readonly string[]) {
  const joined = dialectOf(queries) === 'postgres' ? sql`string_agg(ticket.seat, ' ')` : sql`group_concat(ticket.seat, ' ')`;
  const { rows } = await sql<{ flight_id: string; cabin: Cabin; seats: string }>`select ticket.flight_id, ticket.cabin, ${joined} as seats
    from (${faresOfQuotes(queries, quoteIds)}) fare join flights_ticket ticket
      on ticket.flight_id = fare.flight_id and ticket.cabin = fare.cabin and ticket.state = 'live'
    group by ticket.flight_id, ticket.cabin`.execute(queries);
  return rows;
}
