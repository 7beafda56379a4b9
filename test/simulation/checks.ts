/** What must hold in a simulated world: the laws at every moment, and, when the faults are over, that everything was done. */
import { sql } from 'kysely';
import { auditLaws } from '#core/laws/audit.ts';
import type { Books, Law, Scope } from '#core/laws/law.ts';
import type { Queries } from '#core/ports/state.ts';
import { type Presence, presences } from '#core/presence.ts';
import { resultsTopic } from '#modules/errands/domain/settings.ts';
import { orderKeys } from '#modules/errands/store/orders/tables.ts';
import { accessTopic, recorderGroup } from '#modules/flights/domain/access.ts';
import { bookingKeys } from '#modules/flights/store/booking/tables.ts';
import { checkoutKeys } from '#modules/shop/store/checkout/checkout.ts';
import { aggregatorGroup, tradesTopic } from '#modules/stocks/domain/settings.ts';
import type { Broker } from './engines/broker.ts';
import { outsideCompany } from './users/operator.ts';
import type { Acknowledged, Person } from './users/person.ts';

const lawTimeoutMs = 1_000_000;
const dayMs = 86_400_000;

export async function brokenLaws(laws: readonly Law[], books: Books, scope: Scope): Promise<readonly string[]> {
  const verdicts = await auditLaws({ laws, books, scope, timeoutMs: lawTimeoutMs });
  return verdicts.flatMap(({ lawId, violations }) => violations.map((violation) => `law ${lawId}: ${violation}`));
}

const owned: Readonly<Record<Exclude<Acknowledged['kind'], 'trade'>, (person: Person) => ReturnType<typeof sql<{ id: string }>>>> = {
  order: ({ id }) => sql<{ id: string }>`select id from shop_order where account_id = ${id}`,
  booking: ({ id }) => sql<{ id: string }>`select id from flights_booking where account_id = ${id}`,
  errand: ({ id }) => sql<{ id: string }>`select id from errands_order where account_id = ${id}`,
  transfer: ({ id }) => sql<{ id: string }>`select key as id from coins_request where scope = ${`transfer:${id}`} and refused = 0`,
};

/** What the requests made of which somebody does not know. The ledger keeps refusals, so that transfers are never in doubt after one. */
async function doubtedBy({ id, doubted }: Person, queries: Queries): Promise<ReadonlySet<string>> {
  const ids: string[] = [];
  for (const key of doubted) {
    const asked = { scope: id, key };
    const [order, booking, errands = '[]'] = await Promise.all([
      checkoutKeys.answerOf(queries, asked),
      bookingKeys.answerOf(queries, asked),
      orderKeys.answerOf(queries, asked),
    ]);
    ids.push(...[order, booking].filter((made) => made !== undefined), ...(JSON.parse(errands) as string[]));
  }
  return new Set(ids);
}

/** What was acknowledged is in the books, once, and nothing else is but what somebody cannot know. */
export async function wrongBooks(queries: Queries, people: readonly Person[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const person of people) {
    const doubted = await doubtedBy(person, queries);
    for (const kind of ['order', 'booking', 'errand', 'transfer'] as const) {
      const { rows } = await owned[kind](person).execute(queries);
      const stored = new Set(rows.map(({ id }) => id));
      const told = person.acknowledged.filter((one) => one.kind === kind).map(({ id }) => id);
      for (const id of told)
        if (!stored.has(id)) found.push(`${person.name} was told to have the ${kind} ${id}, which is not in the books`);
      for (const id of stored)
        if (!told.includes(id) && !doubted.has(id))
          found.push(`the books have the ${kind} ${id} of ${person.name}, who did not ask for it`);
      if (new Set(told).size < told.length) found.push(`${person.name} was told twice to have a new ${kind}`);
    }
  }
  const { rows } = await sql<{ credit: string; times: number }>`select credit, count(*) as times from coins_request
    where kind = 'faucet' and refused = 0 group by credit, requested_at / ${dayMs} having count(*) > 1`.execute(queries);
  return [...found, ...rows.map(({ credit, times }) => `${credit} took coins ${times} times in one day`)];
}

/** Trades from outside are on the tape as often as they were acknowledged. */
export function wrongTrades(broker: Broker, people: readonly Person[]): readonly string[] {
  const told = people.flatMap(({ acknowledged }) => acknowledged.filter(({ kind }) => kind === 'trade')).length;
  const tape = broker.status(tradesTopic, aggregatorGroup).find(({ partition }) => partition === outsideCompany);
  const end = tape?.end ?? 0;
  return end === told ? [] : [`${told} trades of ${outsideCompany} were accepted, and ${end} are on the tape`];
}

/** Every counted trade is in one bar. */
export async function wrongBars(queries: Queries): Promise<readonly string[]> {
  const { rows } = await sql<{ company: string; position: number; counted: number }>`select company, position,
    (select coalesce(sum(count), 0) from result_bar where result_bar.company = result_cursor.company and interval = '1h') as counted
    from result_cursor`.execute(queries);
  return rows
    .filter(({ position, counted }) => position !== counted)
    .map(({ company, position, counted }) => `${position} trades of ${company} were counted, and ${counted} are in its bars of an hour`);
}

export interface End {
  readonly queries: Queries;
  readonly broker: Broker;
  readonly people: readonly Person[];
  readonly unready: readonly string[];
  /** The ids of the processes that run. */
  readonly running: readonly string[];
  /** Ends of partitions some time ago: by now they must have been worked off. */
  readonly endsBefore: ReadonlyMap<string, number>;
  readonly nowMs: number;
  /** By the clock of the house. */
  readonly now: number;
}

const longestVerdictMs = 60_000;

/** What was not done although nothing was in the way for a while. */
export async function undone({ queries, broker, people, unready, running, endsBefore, nowMs, now }: End): Promise<readonly string[]> {
  const found = unready.map((what) => `is not well: ${what}`);
  for (const { name, unanswered } of people)
    for (const [wish, since] of unanswered)
      found.push(`${name} has waited for an answer to "${wish}" for ${Math.round((nowMs - since) / 1_000)} s`);
  for (const group of watchedGroups) {
    for (const { partition, acknowledged } of broker.status(group.topic, group.name)) {
      const end = endsBefore.get(`${group.topic}/${partition}`) ?? 0;
      if (acknowledged < end)
        found.push(`${group.name} is at ${acknowledged} of ${group.topic}/${partition}, which ended at ${end} a while ago`);
    }
  }
  const count = async (statement: ReturnType<typeof sql<{ count: number }>>) => (await statement.execute(queries)).rows[0]?.count ?? 0;
  const waiting = await count(sql`select count(*) as count from outbox where created_at < ${now - 20_000}`);
  if (waiting > 0) found.push(`${waiting} entries of the outbox wait for the stream`);
  const open = await count(sql`select count(*) as count from errands_run where due_at < ${now - 125_000}`);
  if (open > 0) found.push(`${open} runs are due and have neither a result nor a refund`);
  const verdicts = await count(sql`select count(*) as count from law_verdict where checked_at > ${now - longestVerdictMs}`);
  if (verdicts === 0) found.push('the laws have not been checked for a minute');
  const reserved = await count(sql`select count(*) as count from shop_reservation where expires_at < ${now - 60_000}`);
  if (reserved > 0) found.push(`${reserved} reservations are over, and were not released`);
  const pulls = await count(sql`select count(*) as count from overview_pull where state = 'running' and asked_at < ${now - 60_000}`);
  if (pulls > 0) found.push('a pull of the plug is not over');
  return [...found, ...wrongPresences(await presences(queries), running)];
}

/** Every process that runs is seen by the others, and nothing else is. */
function wrongPresences(rows: readonly Presence[], running: readonly string[]): readonly string[] {
  const seen = rows.map(({ holder }) => holder);
  const unseen = running.filter((id) => !seen.includes(id)).map((id) => `${id} runs, and is not seen by the others`);
  const ghosts = seen.filter((id) => !running.includes(id)).map((id) => `${id} is seen by the others, and does not run`);
  return [...unseen, ...ghosts];
}

export const watchedGroups = [
  { topic: tradesTopic, name: aggregatorGroup },
  { topic: accessTopic, name: recorderGroup },
  { topic: resultsTopic, name: 'errands-delivery' },
];
