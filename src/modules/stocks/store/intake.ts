/** Trades from outside: checked against what the tape can hold, and put on it through the outbox, each request once. */
import { KontorError } from '#core/errors.ts';
import { appendToOutbox, maxEntryBytes, type OutboxEntry } from '#core/outbox.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Migration, Queries, State } from '#core/ports/state.ts';
import { companyPattern } from '../domain/companies.ts';
import { tradesTopic } from '../domain/settings.ts';
import { encodeTrades, recordBytes, type Trade, wrongInTrade } from '../domain/trades.ts';
import { replayMigrations } from './replay.ts';

export interface IncomingTrade extends Trade {
  readonly company: string;
}

interface CompanyCount {
  readonly company: string;
  readonly count: number;
}

export interface Accepted {
  readonly accepted: number;
  readonly companies: readonly CompanyCount[];
}

/** Each company is a partition with a cursor, shown on the page: more than this is a mistake in the sender's codes. */
export const maxOutsideCompanies = 1_000;
/** How long a request's key is remembered. */
export const keepRequestsMs = 7 * 24 * 3_600_000;
/** Senders' clocks may be so much ahead of ours. */
const maxAheadMs = 60_000;
const year2000 = 946_684_800_000;

/** More than one request adds, so that forgetting keeps up; few enough to cost a request little. */
const forgottenPerRequest = 20;
const maxTradesPerEntry = maxEntryBytes / recordBytes;
const companyCode = new RegExp(companyPattern);

type IntakeTables = {
  stocks_request: { key: string; body_hash: string; answer: string; created_at: number };
  stocks_outside_company: { company: string; first_at: number };
};

export const intakeMigrations: readonly Migration[] = [
  {
    id: 'stocks-101-intake',
    async up(queries) {
      await queries.schema
        .createTable('stocks_request')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('body_hash', 'text', (column) => column.notNull())
        .addColumn('answer', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .execute();
      await queries.schema.createIndex('stocks_request_by_age').on('stocks_request').column('created_at').execute();
      await queries.schema
        .createTable('stocks_outside_company')
        .addColumn('company', 'text', (column) => column.primaryKey())
        .addColumn('first_at', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
  ...replayMigrations,
];

/** What is wrong with a company's code, or undefined. */
export function wrongInCompany(company: string): string | undefined {
  if (companyCode.test(company)) return undefined;
  return `company must be 1 to 12 upper-case letters, digits, dots or hyphens, beginning with a letter, such as MSFT, not ${shownValue(company)}`;
}

/** What keeps a trade off the tape, or undefined. */
export function wrongInIncoming({ company, priceCents, quantity, at }: IncomingTrade, now: number): string | undefined {
  return wrongInCompany(company) ?? wrongInTrade(priceCents, quantity, at)?.message ?? wrongInTime(at, now);
}

function wrongInTime(at: number, now: number): string | undefined {
  if (at > now + maxAheadMs) return `at must not be in the future, and is ${at}: it is now ${now} (milliseconds since 1970)`;
  if (at >= year2000) return undefined;
  const seconds = at * 1_000 >= year2000 && at * 1_000 <= now + maxAheadMs;
  return `at must not be before the year 2000, and is ${at}${seconds ? ': that looks like seconds, multiply by 1000' : ' (milliseconds since 1970)'}`;
}

/** A value as error messages show it: quoted and short. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export interface SimulatedCompanies {
  readonly simulated: ReadonlySet<string>;
}

/** Why the company takes no trades from outside, or undefined. */
export function refusal(company: string, { simulated }: SimulatedCompanies): string | undefined {
  if (!simulated.has(company)) return undefined;
  return `${company} is simulated here: its tape must equal its recomputation from the seed, so it takes no trades from outside; use another code, such as ${otherCode(company)}`;
}

function otherCode(company: string): string {
  return `${company.slice(0, 10)}.X`;
}

/**
 * Puts the trades on the tape in the caller's transaction, in their order per company. They must have been checked with
 * `wrongInIncoming`.
 */
export async function putOnTape(
  queries: Queries,
  trades: readonly IncomingTrade[],
  companies: SimulatedCompanies,
  now: number,
): Promise<void> {
  if (trades.length === 0) return;
  const byCompany = Map.groupBy(trades, ({ company }) => company);
  const codes = [...byCompany.keys()];
  refuseSimulated(codes, companies);
  const entries = [...byCompany].flatMap(([company, itsTrades]) => entriesOf(company, itsTrades));
  // Sent together: whatever refuses takes the whole transaction back.
  await Promise.all([admit(queries, codes, now), appendToOutbox(queries, entries, now)]);
}

function refuseSimulated(codes: readonly string[], companies: SimulatedCompanies): void {
  const details = codes.flatMap((code) => {
    const message = refusal(code, companies);
    return message === undefined ? [] : [{ field: 'company', message }];
  });
  if (details[0]) throw new KontorError('conflict', details[0].message, { details });
}

/** Takes note of companies not seen before, within the limit. */
async function admit(queries: Queries, codes: readonly string[], now: number): Promise<void> {
  const tables = queries.withTables<IntakeTables>();
  const known = await tables.selectFrom('stocks_outside_company').select('company').where('company', 'in', codes).execute();
  const knownCodes = new Set(known.map(({ company }) => company));
  const added = codes.filter((code) => !knownCodes.has(code));
  if (added.length === 0) return;
  const { count } = await tables
    .selectFrom('stocks_outside_company')
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) + added.length > maxOutsideCompanies) {
    const message = `${added[0]} would be one company too many: trades from outside may be of ${maxOutsideCompanies} companies, and ${count} are known; check the codes`;
    throw new KontorError('conflict', message, { details: [{ field: 'company', message }] });
  }
  await tables
    .insertInto('stocks_outside_company')
    .values(added.map((company) => ({ company, first_at: now })))
    .onConflict((conflict) => conflict.column('company').doNothing())
    .execute();
}

function entriesOf(company: string, trades: readonly IncomingTrade[]): OutboxEntry[] {
  const entries: OutboxEntry[] = [];
  for (let start = 0; start < trades.length; start += maxTradesPerEntry) {
    const run = trades.slice(start, start + maxTradesPerEntry);
    entries.push({ topic: tradesTopic, partition: company, count: run.length, body: encodeTrades(run) });
  }
  return entries;
}

export interface TradesRequest {
  /** Names the request: sent again with the same body, it gets its first answer and adds nothing. */
  readonly key: string;
  readonly bodyHash: string;
  readonly trades: readonly IncomingTrade[];
}

export interface IntakePorts {
  readonly state: State;
  readonly clock: Clock;
}

/** All of the request's trades, or none; once, however often it is sent. */
export async function acceptTrades(
  { state, clock }: IntakePorts,
  request: TradesRequest,
  companies: SimulatedCompanies,
): Promise<{ answer: Accepted; repeated: boolean }> {
  const answer: Accepted = { accepted: request.trades.length, companies: countsOf(request.trades) };
  return state.write(async (queries) => {
    const now = clock.now();
    // The key first: of two requests with one key at the same moment, the second waits here for the first.
    const { numInsertedOrUpdatedRows: inserted } = await queries
      .withTables<IntakeTables>()
      .insertInto('stocks_request')
      .values({ key: request.key, body_hash: request.bodyHash, answer: JSON.stringify(answer), created_at: now })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .executeTakeFirst();
    if (inserted === 0n) return { answer: await earlierAnswer(queries, request), repeated: true };
    await putOnTape(queries, request.trades, companies, now);
    await forgetOldRequests(queries, now);
    return { answer, repeated: false };
  });
}

function countsOf(trades: readonly IncomingTrade[]): readonly CompanyCount[] {
  const counts = new Map<string, number>();
  for (const { company } of trades) counts.set(company, (counts.get(company) ?? 0) + 1);
  return [...counts].map(([company, count]) => ({ company, count })).sort((one, other) => (one.company < other.company ? -1 : 1));
}

async function earlierAnswer(queries: Queries, { key, bodyHash }: TradesRequest): Promise<Accepted> {
  const earlier = await queries
    .withTables<IntakeTables>()
    .selectFrom('stocks_request')
    .select(['body_hash', 'answer'])
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  if (earlier.body_hash === bodyHash) return JSON.parse(earlier.answer) as Accepted;
  const message = 'This key was used for another body: give every new request a key of its own, and repeat a request unchanged';
  throw new KontorError('conflict', message, { details: [{ field: 'Idempotency-Key', message }] });
}

async function forgetOldRequests(queries: Queries, now: number): Promise<void> {
  await queries
    .withTables<IntakeTables>()
    .deleteFrom('stocks_request')
    .where('key', 'in', (select) =>
      select
        .selectFrom('stocks_request')
        .select('key')
        .where('created_at', '<', now - keepRequestsMs)
        .orderBy('created_at')
        .limit(forgottenPerRequest),
    )
    .execute();
}
