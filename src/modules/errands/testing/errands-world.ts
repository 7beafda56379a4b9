/** A few orders and their runs for tests, on whichever State: customers with coins, miners that claim and answer, and the laws. */
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { outboxMigrations } from '#core/outbox.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { houseAccounts, openAccount, openAccounts, post, walletOf } from '#modules/coins/post.ts';
import { balanceOf } from '#modules/coins/store/accounts.ts';
import { coinsMigrations } from '#modules/coins/store/tables.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import type { AnswerOutcome, Page, PreparedAnswer } from '../domain/answers.ts';
import { dayMs } from '../domain/days.ts';
import { houseMiner, leaseOf } from '../domain/leases.ts';
import { escrowAccount, ledgerScope, revenueAccount } from '../domain/settings.ts';
import { validToTrust } from '../domain/trust/reputation.ts';
import { errandsLaws } from '../laws.ts';
import { errandsMigrations } from '../store/migrations.ts';
import { newOrderRow } from '../store/orders/new-order.ts';
import { type OrderRow, orderTables } from '../store/orders/tables.ts';
import { type ClaimedRun, claimRuns } from '../store/queue/claim.ts';
import { completeRuns } from '../store/queue/complete.ts';
import { failOverdue } from '../store/queue/fail.ts';
import { addRuns, type NewRun } from '../store/queue/make.ts';
import { queueTables } from '../store/queue/tables.ts';
import { type AnswerRow, type ResultRow, resultTables } from '../store/results/tables.ts';
import { settleAnswers } from '../store/settlement/settle.ts';
import { registerMiner } from '../store/trust/miners.ts';
import { trustTables } from '../store/trust/tables.ts';
import { termsFrom } from './orders-world.ts';

export const settleMs = 60_000;

export interface ErrandsWorld {
  readonly state: State;
  readonly clock: ManualClock;
  readonly ports: Pick<Ports, 'state' | 'clock' | 'random' | 'log'>;
  /** Opens a wallet with so many coins, and makes it a customer; resolves the account's id. */
  customer(name: string, coins: number): Promise<string>;
  /** Opens a wallet, and makes it a miner. */
  miner(name: string): Promise<string>;
  /** Pays for so many repetitions, and resolves the order's id. */
  order(customer: string, repetitions: number, wish?: Partial<OrderRow>): Promise<string>;
  /** Makes the next runs of an order, due now or so much later; all in one transaction. */
  runs(order: string, count: number, wish?: { inMs?: number; everyMs?: number }): Promise<readonly NewRun[]>;
  claim(miner: string, limit?: number, network?: string): Promise<readonly ClaimedRun[]>;
  /** As an errands-fetcher does. */
  claimForHouse(limit?: number, likeMiners?: boolean): Promise<readonly ClaimedRun[]>;
  /** With the same page for each, or a failure. */
  answer(miner: string, runs: readonly ClaimedRun[], wish?: AnswerWish): Promise<readonly AnswerOutcome[]>;
  failOverdue(): Promise<number>;
  settle(): Promise<number>;
  /** Without notices, by their numbers. */
  results(order: string): Promise<readonly ResultRow[]>;
  /** Of results that are withdrawn. */
  notices(order: string): Promise<readonly ResultRow[]>;
  answers(order: string): Promise<readonly AnswerRow[]>;
  /** Copies in the queue. */
  waiting(): Promise<number>;
  orderRow(id: string): Promise<OrderRow>;
  /** Of an account of the ledger, or the wallet of a person. */
  coinsOf(account: string): Promise<number>;
  /** Of all laws, or of one. */
  violations(lawId?: string): Promise<readonly string[]>;
}

export interface AnswerWish {
  readonly text?: string;
  readonly failure?: string;
  /** What differs from a page with this text. */
  readonly page?: Partial<Page>;
  readonly network?: string;
}

export interface WorldOptions {
  readonly seed?: number;
  /** It stands still if left out. */
  readonly clock?: ManualClock;
  /** Miners are new, and answers are audited: nothing is paid before. Else all are trusted, and no answer is drawn. */
  readonly audits?: boolean;
}

export async function openErrandsWorld(
  state: State,
  { seed = 7, clock = manualClock(), audits = false }: WorldOptions = {},
): Promise<ErrandsWorld> {
  await state.migrate([...outboxMigrations, ...coinsMigrations, ...errandsMigrations]);
  await state.write((queries) => openAccounts(queries, [escrowAccount, revenueAccount]));
  const seeded = seededRandom(seed);
  const random: Random = audits ? seeded : { id: seeded.id, int: seeded.int, float: () => neverDrawn };
  const ports = { state, clock, random, log: silentLog() };
  let orders = 0;
  const rowsOf = (order: string) =>
    state.read((queries) =>
      resultTables(queries).selectFrom('errands_result').selectAll().where('order_id', '=', order).orderBy('number').execute(),
    );
  return {
    state,
    clock,
    ports,
    async customer(name, coins) {
      await openWallet(state, clock.now(), name, coins);
      const row = { account_id: name, feed: 0, webhook_secret: 'secret' };
      await state.write((queries) => orderTables(queries).insertInto('errands_customer').values(row).execute());
      return name;
    },
    async miner(name) {
      await openWallet(state, clock.now(), name, 0);
      await state.write((queries) => addMiner(queries, name, clock.now(), audits ? 'new' : 'trusted'));
      return name;
    },
    async order(customer, repetitions, wish = {}) {
      orders += 1;
      const id = `KE-0000-0000-${String(orders).padStart(4, '0')}`;
      await addOrder(state, id, { customer, repetitions, wish, now: clock.now() });
      return id;
    },
    runs: (order, count, wish) => makeRuns(state, order, count, { inMs: 0, everyMs: 0, now: clock.now(), ...wish }),
    claim: (miner, limit = 10, network = `${miner}.0/24`) =>
      state.write((queries) => claimRuns(queries, { miner: { accountId: miner, network }, limit, now: clock.now(), random })),
    claimForHouse: (limit = 10, likeMiners = false) =>
      state.write((queries) => claimRuns(queries, { miner: 'house', limit, now: clock.now(), random, likeMiners })),
    answer: (miner, runs, wish) =>
      completeRuns(
        state,
        runs.map(({ lease }) => answerTo(miner, lease, wish)),
        { now: clock.now(), settleMs, random },
      ),
    failOverdue: () => failOverdue(state, clock.now(), 100),
    settle: () => settleAnswers(state, { now: clock.now(), random }),
    results: async (order) => (await rowsOf(order)).filter(({ withdraws }) => withdraws === 0),
    notices: async (order) => (await rowsOf(order)).filter(({ withdraws }) => withdraws > 0),
    answers: (order) =>
      state.read((queries) =>
        resultTables(queries)
          .selectFrom('errands_answer')
          .selectAll()
          .where('order_id', '=', order)
          .orderBy('slot')
          .orderBy('copy')
          .execute(),
      ),
    waiting: () => countWaiting(state),
    orderRow: (id) =>
      state.read((queries) => orderTables(queries).selectFrom('errands_order').selectAll().where('id', '=', id).executeTakeFirstOrThrow()),
    async coinsOf(account) {
      const id = account.includes(':') ? account : walletOf(account);
      return (await state.read((queries) => balanceOf(queries, id)))?.posted ?? 0;
    },
    async violations(lawId) {
      const found = [];
      for (const law of errandsLaws().filter(({ id }) => lawId === undefined || id === lawId)) {
        for (const scope of ['all', 'recent'] as const)
          found.push(...(await law.check({ state, clock, random } as never, scope)).violations);
      }
      return found;
    },
  };
}

/** A page with this text, or a failed attempt. */
export function answerTo(
  miner: string,
  leaseText: string,
  { text = 'a page', failure, network, page = {} }: AnswerWish = {},
): PreparedAnswer {
  const lease = leaseOf(leaseText) ?? assert.fail(`${leaseText} is no lease`);
  const answering = { accountId: miner, network: miner === houseMiner ? null : (network ?? `${miner}.0/24`) };
  return { lease, miner: answering, got: failure === undefined ? { ...pageOf(text), ...page } : { failure, retryAfterMs: null } };
}

function pageOf(text: string): Page {
  return {
    status: 200,
    finalAddress: 'http://example.org/',
    contentType: 'text/plain',
    bytes: text.length,
    sha256: null,
    timings: null,
    value: null,
    micros: null,
    contentKey: text,
    body: Buffer.from(text),
    bodyPath: null,
  };
}

/** The draw of audits is below it only for new miners. */
const neverDrawn = 0.999;

async function addMiner(queries: Queries, name: string, now: number, state: 'new' | 'trusted'): Promise<void> {
  await registerMiner(queries, name, now);
  await trustTables(queries)
    .updateTable('errands_miner')
    .set({ state, valid_in_row: state === 'new' ? 0 : validToTrust })
    .where('account_id', '=', name)
    .execute();
}

async function openWallet(state: State, now: number, name: string, coins: number): Promise<void> {
  await state.write(async (queries) => {
    const wallet = await openAccount(queries, { owner: name, kind: 'wallet', mode: 'strict' });
    if (coins === 0) return;
    const accounts = { debit: houseAccounts.mint, credit: wallet };
    const [answer] = await post(queries, [{ scope: 'test', key: name, kind: 'grant', amount: coins, at: now, ...accounts }]);
    assert.equal(answer?.outcome, 'posted');
  });
}

interface OrderWish {
  readonly customer: string;
  readonly repetitions: number;
  readonly wish: Partial<OrderRow>;
  readonly now: number;
}

async function addOrder(state: State, id: string, { customer, repetitions, wish, now }: OrderWish): Promise<void> {
  const coins = repetitions * (wish.copies ?? 1);
  await state.write(async (queries) => {
    await orderTables(queries)
      .insertInto('errands_order')
      .values({ ...emptyOrder(id, customer, now), funded: coins, prepaid: coins, ...wish })
      .execute();
    const request = {
      scope: ledgerScope,
      key: `${id}/fund/1`,
      kind: 'purchase' as const,
      debit: walletOf(customer),
      credit: escrowAccount,
    };
    const [answer] = await post(queries, [{ ...request, amount: coins, at: now }]);
    assert.equal(answer?.outcome, 'posted', `${customer} cannot pay ${coins} coins`);
  });
}

/** Far from its next run: these tests make the runs themselves. */
function emptyOrder(id: string, customer: string, now: number): OrderRow {
  const terms = termsFrom(now, { address: 'http://example.org/', host: 'example.org' });
  return { ...newOrderRow(id, { accountId: customer, terms, funds: 0, now }), look_at: now + 365 * dayMs };
}

interface RunsWish {
  readonly inMs: number;
  readonly everyMs: number;
  readonly now: number;
}

async function makeRuns(state: State, id: string, count: number, { inMs, everyMs, now }: RunsWish): Promise<readonly NewRun[]> {
  return state.write(async (queries) => {
    const { rows } = await sql<Pick<OrderRow, 'slot' | 'account_id' | 'generation' | 'copies'>>`update errands_order set
        slot = slot + ${count}, made = made + ${count}, open = open + ${count}, prepaid = prepaid - ${count} * copies
      where id = ${id} returning slot, account_id, generation, copies`.execute(queries);
    const [order] = rows;
    assert.ok(order, `there is an order ${id}`);
    const runs = Array.from({ length: count }, (_, index): NewRun => {
      const dueAt = now + inMs + index * everyMs;
      const { account_id: accountId, generation, copies } = order;
      return { orderId: id, generation, slot: order.slot - count + 1 + index, accountId, copies, dueAt, visibleAt: dueAt };
    });
    await addRuns(queries, runs);
    return runs;
  });
}

async function countWaiting(state: State): Promise<number> {
  const { count } = await state.read((queries) =>
    queueTables(queries)
      .selectFrom('errands_run')
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow(),
  );
  return Number(count);
}
