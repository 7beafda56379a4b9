/** What a million orders cost while they wait, and a claim among a million runs, on both States. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Queries, State } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { realRandom } from '#house/real-random.ts';
import { claimRuns } from '#modules/errands/store/queue/claim.ts';
import { type Bench, percentile, type Report } from './bench.ts';
import { errandsMode, ordersPerAccount } from './errands/market.ts';
import { type BenchHouse, processorMs, startHouse } from './house.ts';
import { withPostgresDatabase } from './pgbench.ts';

const orders = Number(process.env.KONTOR_BENCH_ORDERS ?? 1_000_000);
const rowsPerWrite = 20_000;
/** After a start, or after many rows: until the house and its engine have come to rest. */
const restMs = 8_000;
const measuredMs = 15_000;
const warmUpClaims = 100;
/** As `kontor mine` asks for them. */
const claimLimit = 48;
const claims = Math.min(1_000, Math.floor(orders / 2 / claimLimit) - warmUpClaims);
const miners = 8;
/** A run a slot of it: half of them are due in its middle. */
const dueWithinMs = 100_000;
const dayMs = 86_400_000;

export const bench: Bench = {
  name: 'errands-waiting',
  says: `processor time of a house with ${orders} orders that are not due, and a claim among as many runs, on both States`,
  async run(report) {
    await measure(report, 'SQLite', {});
    await withPostgresDatabase((url) => measure(report, 'PostgreSQL', { STATE_URL: url }));
  },
};

async function measure({ progress, figure }: Report, engine: string, engines: Readonly<Record<string, string>>): Promise<void> {
  const environment = { ...errandsMode({ host: '127.0.0.1:9' }), ...engines };
  const house = await startHouse(['up'], environment);
  try {
    const state = await house.state();
    progress(`${engine}: a house without orders`);
    const without = await processorShare(house, state);
    progress(`${engine}: ${orders} orders are added`);
    const now = Date.now();
    await addRows(state, (queries, rows) => addOrders(queries, rows, now));
    await tidyUp(state, 'errands_order');
    progress(`${engine}: a house with ${orders} orders`);
    const among = await processorShare(house, state);
    progress(`${engine}: ${orders} runs are added`);
    await house.halt();
    await addRows(state, (queries, rows) => addRuns(queries, rows, now));
    await tidyUp(state, 'errands_run');
    progress(`${engine}: ${claims} claims`);
    const took = await claimAgainAndAgain(state, now + dueWithinMs / 2);
    figure({ what: `processor time without orders, ${engine}`, value: without, unit: 'ms/s' });
    figure({ what: `processor time with ${orders} orders that are not due`, value: among, unit: 'ms/s' });
    figure({ what: 'difference: of a processor', value: (among - without) / 10, unit: '%', aim: '≤ 0.5' });
    figure({ what: `a claim of ${claimLimit} among ${orders} runs, p50`, value: percentile(took, 0.5), unit: 'ms' });
    figure({ what: `a claim of ${claimLimit} among ${orders} runs, p99`, value: percentile(took, 0.99), unit: 'ms', aim: '≤ 10' });
  } finally {
    await house.stop();
  }
}

/** Of the house and of what its engine does for it, in milliseconds a second. */
async function processorShare(house: BenchHouse, state: State): Promise<number> {
  await sleep(restMs);
  const before = { house: house.processorMs(), backends: await backends(state), atMs: performance.now() };
  await sleep(measuredMs);
  let usedMs = house.processorMs() - before.house;
  for (const [pid, ms] of await backends(state)) usedMs += ms - (before.backends.get(pid) ?? 0);
  return usedMs / ((performance.now() - before.atMs) / 1_000);
}

/** The processes of PostgreSQL that work for this database. */
async function backends(state: State): Promise<ReadonlyMap<number, number>> {
  const statement = sql<{
    pid: number;
  }>`select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'`;
  const rows = await state.read(async (queries) => (dialectOf(queries) === 'postgres' ? (await statement.execute(queries)).rows : []));
  return new Map(rows.map(({ pid }) => [pid, processorMs(pid)]));
}

interface Rows {
  readonly from: number;
  readonly to: number;
}

async function addRows(state: State, add: (queries: Queries, rows: Rows) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < orders; from += rowsPerWrite)
    await state.write((queries) => add(queries, { from, to: Math.min(orders, from + rowsPerWrite) }));
}

/** As PostgreSQL does by itself after a while. */
async function tidyUp(state: State, table: string): Promise<void> {
  await state.write((queries) => sql.raw(`analyze ${table}`).execute(queries));
}

const orderId = sql`'KE-' || substr(name, 2, 4) || '-' || substr(name, 6, 4) || '-' || substr(name, 10, 4)`;
const accountId = sql`'customer-' || cast(number / ${sql.lit(ordersPerAccount)} as text)`;

/** Numbers, and names that are as long as names of orders. */
function numbered({ from, to }: Rows) {
  return sql`with recursive numbers (number) as (select cast(${sql.lit(from)} as bigint) union all select number + 1 from numbers where number + 1 < ${sql.lit(to)}),
    named as (select number, cast(1000000000000 + number as text) as name from numbers)`;
}

/** Each is due once a week, and pays when it is: nothing is paid in yet. */
async function addOrders(queries: Queries, rows: Rows, now: number): Promise<void> {
  const start = now + 7 * dayMs;
  const schedule = JSON.stringify({
    start,
    zone: 'UTC',
    repeat: { kind: 'interval', seconds: (7 * dayMs) / 1_000 },
    repetitions: null,
    jitterMs: 0,
    activeHours: null,
    catchUp: 'all',
    lateMs: 60_000,
    overlap: 'allow',
  });
  const columns = `id, account_id, title, address, host, method, headers, schedule, used_before, only_changes, mail, copies, state, state_at,
    generation, slot, next_at, look_at, load, manual, funded, fundings, prepaid, returned, earned, refunded, made, open, results, created_at, changed_at`;
  await sql`${numbered(rows)}
    insert into errands_order (${sql.raw(columns)})
    select ${orderId}, ${accountId}, 'Page ' || name, 'http://127.0.0.1:9/page/' || name, '127.0.0.1:9', 'GET', '{}', ${schedule}, 0, 0, 0, 1,
      'active', ${sql.lit(now)}, 1, 0, ${sql.lit(start)} + number, ${sql.lit(start - 60_000)} + number, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      ${sql.lit(now)}, ${sql.lit(now)} from named`.execute(queries);
}

async function addRuns(queries: Queries, rows: Rows, now: number): Promise<void> {
  const dueAt = sql`${sql.lit(now)} + number * ${sql.lit(dueWithinMs)} / ${sql.lit(orders)}`;
  await sql`${numbered(rows)}
    insert into errands_run
      (account_id, order_id, generation, slot, copy, copies, due_at, visible_at, fails_at, attempts, audience)
    select ${accountId}, ${orderId}, 1, 1, 1, 1, ${dueAt}, ${dueAt}, ${dueAt} + 115000, 0, 'anyone' from named`.execute(queries);
}

/** As a desk does, one claim after another; nothing is answered. */
async function claimAgainAndAgain(state: State, now: number): Promise<readonly number[]> {
  const took: number[] = [];
  for (let claim = 0; claim < warmUpClaims + claims; claim += 1) {
    const accountId = `miner-${claim % miners}`;
    const startedMs = performance.now();
    const asked = { miner: { accountId, network: `10.0.${claim % miners}.0/24` }, limit: claimLimit, now, random: realRandom };
    const claimed = await state.write((queries) => claimRuns(queries, asked));
    if (claim >= warmUpClaims) took.push(performance.now() - startedMs);
    if (claimed.length === 0) throw new Error('nothing is left to claim: use more orders');
  }
  return took;
}
