/** Runs a second through the books of errands on both States, beside two queues on PostgreSQL and sixty lines that do the same work. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Batcher, openBatcher } from '#core/batcher.ts';
import type { State } from '#core/ports/state.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { realClock } from '#house/real-clock.ts';
import type { AnswerOutcome, PreparedAnswer } from '#modules/errands/domain/answers.ts';
import type { Schedule } from '#modules/errands/domain/schedule/schedule.ts';
import { makeDueRuns } from '#modules/errands/store/orders/make-due.ts';
import { claimRuns } from '#modules/errands/store/queue/claim.ts';
import { completeRuns, maxAnswersPerCall } from '#modules/errands/store/queue/complete.ts';
import { readFeeds } from '#modules/errands/store/results/feed.ts';
import { maxSettledPerCall, settleAnswers } from '#modules/errands/store/settlement/settle.ts';
import { answerTo, type ErrandsWorld, openErrandsWorld } from '#modules/errands/testing/errands-world.ts';
import { peopleMigrations } from '#modules/people/store/tables.ts';
import { silentLog } from '#testkit/log.ts';
import { askProcess } from './asked-process.ts';
import { type Bench, median, medianRatio, type Report } from './bench.ts';
import { type Cost, costOf, reportCosts } from './costs.ts';
import type { QueuePeer, QueueWork } from './errands/queue-peers.ts';
import { withPostgresDatabase } from './pgbench.ts';

const customers = Array.from({ length: 20 }, (_, index) => `customer-${index}`);
const miners = Array.from({ length: 8 }, (_, index) => `miner-${index}`);
/** An order runs every ten seconds: a scheduler makes those of the next two minutes. */
const runsPerOrder = 12;
const orders = Number(process.env.KONTOR_BENCH_ORDERS ?? 1_200);
/** Of the peers: as many as the orders have. */
const jobs = orders * runsPerOrder;
const claimLimit = 250;
const feedLimit = 500;
const allDueMs = 112_000;
/** As a desk. */
const settlePauseMs = 50;
const rounds = 3;
const peers: readonly QueuePeer[] = ['graphile-worker', 'pg-boss', 'baseline'];

export const bench: Bench = {
  name: 'errands-queue',
  says: 'runs a second through the books of errands on both States, beside graphile-worker, pg-boss and a plain queue on PostgreSQL',
  async run(report) {
    const options = { clock: realClock, log: silentLog() };
    const rates = new Map<string, number[]>();
    const costs: Cost[] = [];
    const note = (what: string, perSecond: number) => rates.set(what, [...(rates.get(what) ?? []), perSecond]);
    for (let round = 1; round <= rounds; round += 1) {
      report.progress(`round ${round} of ${rounds}`);
      for (const peer of peers) note(peer, await withPostgresDatabase((url) => peerPerSecond({ peer, url, jobs })));
      await withPostgresDatabase(async (url) => {
        const state = await openPostgresState({ url, ...options });
        await noteAll(state, 'PostgreSQL', note, async (work) => void costs.push(await costOf(url, work)));
        await state.close();
      });
      const folder = mkdtempSync(join(tmpdir(), 'kontor-bench-'));
      const state = await openSqliteState({ path: join(folder, 'kontor.db'), ...options });
      await noteAll(state, 'SQLite', note);
      await state.close();
      rmSync(folder, { recursive: true });
    }
    tell(report, (what) => rates.get(what) ?? []);
    reportCosts(report, 'a run, its order among it', costs);
  },
};

function tell({ figure }: Report, of: (what: string) => readonly number[]): void {
  const [queue, whole] = [of('queue on PostgreSQL'), of('whole on PostgreSQL')];
  figure({ what: 'claimed, stored and paid on PostgreSQL', value: median(queue), unit: 'runs/s' });
  figure({ what: 'peer: graphile-worker, the queue only', value: median(of('graphile-worker')), unit: 'jobs/s' });
  figure({ what: 'ratio', value: medianRatio(queue, of('graphile-worker')), unit: '', aim: '≥ 1' });
  figure({ what: 'peer: pg-boss, the queue only', value: median(of('pg-boss')), unit: 'jobs/s' });
  figure({ what: 'ratio', value: medianRatio(queue, of('pg-boss')), unit: '', aim: '≥ 1.2' });
  figure({ what: 'made, claimed, stored, paid and read by the customer', value: median(whole), unit: 'runs/s' });
  figure({ what: 'limit: sixty lines with a result and two entries', value: median(of('baseline')), unit: 'runs/s' });
  figure({ what: 'ratio', value: medianRatio(whole, of('baseline')), unit: '', aim: '≥ 0.5' });
  figure({ what: 'the whole on SQLite', value: median(of('whole on SQLite')), unit: 'runs/s', aim: '≥ 3000' });
}

/** Does the work, and counts what its units cost. */
type Metered = (work: () => Promise<number>) => Promise<void>;

async function noteAll(
  state: State,
  engine: string,
  note: (what: string, perSecond: number) => void,
  metered: Metered = async (work) => void (await work()),
): Promise<void> {
  const { queue, whole } = await measure(state, metered);
  note(`queue on ${engine}`, queue);
  note(`whole on ${engine}`, whole);
}

async function measure(state: State, metered: Metered): Promise<{ queue: number; whole: number }> {
  await state.migrate(peopleMigrations);
  const world = await openErrandsWorld(state);
  await Promise.all(customers.map((customer) => world.customer(customer, jobs)));
  await Promise.all(miners.map((miner) => world.miner(miner)));
  // Of new miners each answer is audited.
  await state.write((queries) => sql`update errands_miner set state = 'trusted', valid_in_row = 100, answered = 100`.execute(queries));
  let [runs, queueMs, wholeMs] = [0, 0, 0];
  await metered(async () => {
    await addOrders(world);
    const startedMs = performance.now();
    runs = await makeAll(world);
    const madeMs = performance.now();
    // All runs are due, and the first does not fail yet.
    await world.clock.advance(allDueMs);
    const working = { miners: miners.length };
    const desk = openDesk(world);
    await Promise.all([...miners.map((miner) => workAs(world, desk, miner).then(() => (working.miners -= 1))), settleAll(world, working)]);
    queueMs = performance.now() - madeMs;
    await readAll(world, runs);
    wholeMs = performance.now() - startedMs;
    return runs;
  });
  const violations = await world.violations();
  if (violations.length > 0) throw new Error(`the books do not balance: ${JSON.stringify(violations.slice(0, 3))}`);
  return { queue: runs / (queueMs / 1_000), whole: runs / (wholeMs / 1_000) };
}

async function addOrders(world: ErrandsWorld): Promise<void> {
  const start = world.clock.now() + 1;
  const schedule: Schedule = {
    start,
    zone: 'UTC',
    repeat: { kind: 'interval', seconds: 10 },
    repetitions: runsPerOrder,
    jitterMs: 0,
    activeHours: null,
    catchUp: 'all',
    lateMs: 60_000,
    overlap: 'allow',
  };
  const wish = { schedule: JSON.stringify(schedule), next_at: start, look_at: world.clock.now() };
  for (let from = 0; from < orders; from += 100) {
    const some = Array.from({ length: 100 }, (_, index) => customers[(from + index) % customers.length] ?? '');
    await Promise.all(some.map((customer) => world.order(customer, runsPerOrder, wish)));
  }
}

/** As two schedulers; resolves how many runs they made. */
async function makeAll({ state, clock }: ErrandsWorld): Promise<number> {
  const mail = { post: async () => {} };
  const hosts = { delayMs: 0, allowed: ['example.org'] };
  let made = 0;
  const make = async () => {
    for (;;) {
      const { orders: some, runs } = await makeDueRuns(state, () => ({ now: clock.now(), hosts, mail }));
      made += runs;
      if (some === 0) return;
    }
  };
  await Promise.all([make(), make()]);
  return made;
}

type Desk = Batcher<PreparedAnswer, AnswerOutcome>;

/** Stores together what miners send at the same time. */
function openDesk({ state, clock, ports: { random } }: ErrandsWorld): Desk {
  return openBatcher({
    what: 'answers',
    maxWaiting: jobs,
    maxBatch: maxAnswersPerCall,
    maxInFlight: 2,
    work: (answers) => completeRuns(state, answers, { now: clock.now(), settleMs: 0, random }),
  });
}

async function workAs({ state, clock, ports: { random } }: ErrandsWorld, desk: Desk, miner: string): Promise<void> {
  const network = `${miner}.0/24`;
  for (;;) {
    const asked = { miner: { accountId: miner, network }, limit: claimLimit, now: clock.now(), random };
    const claimed = await state.write((queries) => claimRuns(queries, asked));
    if (claimed.length === 0) return;
    const answers = claimed.map(({ lease }, index) => answerTo(miner, lease, { text: `page ${index}` }));
    const outcomes = await Promise.all(answers.map((answer) => desk.submit(answer)));
    if (outcomes.some(({ outcome }) => outcome !== 'accepted')) throw new Error(`an answer was not accepted: ${JSON.stringify(outcomes)}`);
  }
}

/** Pays until nobody works and all is paid but what waits for an audit: one answer of twenty. */
async function settleAll({ state, clock, ports: { random } }: ErrandsWorld, working: { readonly miners: number }): Promise<void> {
  for (;;) {
    const last = working.miners === 0;
    const paid = await settleAnswers(state, { now: clock.now(), random });
    if (paid === maxSettledPerCall) continue;
    if (last && paid === 0) return;
    await sleep(settlePauseMs);
  }
}

/** As the clients of all customers. */
async function readAll({ state }: ErrandsWorld, runs: number): Promise<void> {
  let read = 0;
  await Promise.all(
    customers.map(async (accountId) => {
      for (let after = 0; ; ) {
        const [slice] = await state.read((queries) => readFeeds(queries, [{ accountId, after, upTo: after + feedLimit }]));
        read += slice?.rows.length ?? 0;
        after += feedLimit;
        if (after >= (slice?.head ?? 0)) return;
      }
    }),
  );
  if (read !== runs) throw new Error(`${read} of ${runs} results were read`);
}

function peerPerSecond(work: QueueWork): Promise<number> {
  return askProcess('./errands/queue-peers.ts', work);
}
