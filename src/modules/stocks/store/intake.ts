/** Trades written down for the tape: they go through the outbox, in the transaction of their cause, and each request counts once. */
import { type ErrorDetail, invariant, KontorError } from '#core/errors.ts';
import { houseRefusals } from '#core/house-refusals.ts';
import { appendToOutbox, maxEntryBytes, type OutboxEntry } from '#core/outbox.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { requestKeys } from '#core/request-keys.ts';
import type { IncomingTrade } from '../domain/incoming.ts';
import { type CodeOwners, refusedCompany } from '../domain/instruments.ts';
import { tradesTopic } from '../domain/settings.ts';
import { encodeTrades, recordBytes } from '../domain/trades.ts';
import { stocksRefusals } from '../refusals.ts';
import { countOutside, maxOutsideCompanies } from './outside-companies.ts';
import { readTapeMakers, simulatedAmong } from './settings.ts';
import { stocksTables } from './tables.ts';

/** With those that were retired: their partitions stay, and streams must have room for what the house itself sells. */
const maxOutsideCompaniesEver = 2_500;
/** How long a request's key is remembered. */
export const keepRequestsMs = 7 * 24 * 3_600_000;
/** More than one request adds, so that forgetting keeps up; few enough to cost a request little. */
const forgottenPerRequest = 20;
const maxTradesPerEntry = maxEntryBytes / recordBytes;

const requests = requestKeys({
  table: 'stocks_request',
  columns: { scope: null, key: 'key', bodyHash: 'body_hash', answer: 'answer', at: 'created_at' },
});

/** Appends the trades to the tape in the caller's transaction, in their order per company. Who may trade the companies is not checked. */
export async function appendTrades(queries: Queries, trades: readonly IncomingTrade[], now: number): Promise<void> {
  const entries = [...Map.groupBy(trades, ({ company }) => company)].flatMap(([company, its]) => entriesOf(company, its));
  if (entries.length > 0) await appendToOutbox(queries, entries, now);
}

/** The same for trades from outside: refused for companies that others trade, and beyond the limit of companies. */
export async function appendOutsideTrades(
  queries: Queries,
  trades: readonly IncomingTrade[],
  owners: CodeOwners,
  now: number,
): Promise<void> {
  const codes = [...new Set(trades.map(({ company }) => company))];
  for (const code of codes) refuseIf(refusedCompany(code, owners));
  // Sent together: whatever refuses takes the whole transaction back.
  await Promise.all([admit(queries, codes, now), appendTrades(queries, trades, now)]);
}

function refuseIf(refused: ErrorDetail | undefined): void {
  if (refused) throw new KontorError('conflict', refused.message, { reason: refused.reason, details: [refused] });
}

/** Records companies not seen before, within the limit. */
async function admit(queries: Queries, codes: readonly string[], now: number): Promise<void> {
  if (codes.length === 0) return;
  const tables = stocksTables(queries);
  const known = await tables.selectFrom('stocks_outside_company').selectAll().where('company', 'in', codes).execute();
  const retired = known.find(({ retired_at }) => retired_at !== null);
  if (retired !== undefined) throw refuse(stocksRefusals, 'company-retired', { company: retired.company }, 'company');
  const knownCodes = new Set(known.map(({ company }) => company));
  const added = codes.filter((code) => !knownCodes.has(code));
  const [company] = added;
  if (company === undefined) return;
  const simulated = await simulatedAmong(queries, added);
  if (simulated !== undefined) refuseIf(refusedCompany(simulated, { simulated: new Set([simulated]), moduleNames: [] }));
  const { active, ever } = await countOutside(queries);
  if (active + added.length > maxOutsideCompanies)
    throw refuse(stocksRefusals, 'company-limit', { company, known: active, most: maxOutsideCompanies }, 'company');
  if (ever + added.length > maxOutsideCompaniesEver)
    throw refuse(stocksRefusals, 'company-limit', { company, known: ever, most: maxOutsideCompaniesEver }, 'company');
  await tables
    .insertInto('stocks_outside_company')
    .values(added.map((code) => ({ company: code, first_at: now, retired_at: null })))
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

/** The owners by what is stored. A company of `simulated` is the publisher's, unless the bridge has its tape. */
export async function storedOwners(queries: Queries, { simulated, moduleNames }: CodeOwners): Promise<CodeOwners> {
  const makers = await readTapeMakers(queries);
  return { simulated: makers.simulated.union(simulated.difference(makers.outside)), moduleNames };
}

export interface TradesRequest {
  /** Names the request: sent again with the same body, it gets its first answer and adds nothing. */
  readonly key: string;
  readonly bodyHash: string;
  readonly trades: readonly IncomingTrade[];
}

export interface Accepted {
  readonly accepted: number;
  readonly companies: readonly { readonly company: string; readonly count: number }[];
}

export interface IntakePorts {
  readonly state: State;
  readonly clock: Clock;
}

/** All of the request's trades, or none; once, however often it is sent. */
export async function acceptTrades(
  { state, clock }: IntakePorts,
  { key, bodyHash, trades }: TradesRequest,
  owners: CodeOwners,
): Promise<{ answer: Accepted; repeated: boolean }> {
  const answer: Accepted = { accepted: trades.length, companies: countsOf(trades) };
  return state.write(async (queries) => {
    const now = clock.now();
    const [claim] = await requests.claim(queries, [{ key, bodyHash, answer: JSON.stringify(answer) }], now);
    invariant(claim, 'a request has a claim');
    if (claim.outcome === 'conflict') throw refuse(houseRefusals, 'key-reused', {}, 'Idempotency-Key');
    if (claim.outcome === 'repeated') return { answer: JSON.parse(claim.answer) as Accepted, repeated: true };
    await appendOutsideTrades(queries, trades, owners, now);
    await requests.prune(queries, now - keepRequestsMs, forgottenPerRequest);
    return { answer, repeated: false };
  });
}

function countsOf(trades: readonly IncomingTrade[]): Accepted['companies'] {
  return [...Map.groupBy(trades, ({ company }) => company)]
    .map(([company, its]) => ({ company, count: its.length }))
    .sort((one, other) => (one.company < other.company ? -1 : 1));
}
