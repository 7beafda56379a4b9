/** Customers with coins, their orders and schedulers for tests, on whichever State. */
import assert from 'node:assert/strict';
import { outboxMigrations } from '#core/outbox.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { mailMigrations } from '#engines/mail/letters-table.ts';
import { openOutboxMail } from '#engines/mail/outbox.ts';
import { balanceOf, houseAccounts, openAccount, openAccounts, post, walletOf } from '#modules/coins/post.ts';
import { coinsMigrations } from '#modules/coins/store/tables.ts';
import { type PeopleTables, peopleMigrations } from '#modules/people/store/tables.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import type { OrderTerms } from '../domain/orders.ts';
import type { Schedule } from '../domain/schedule/schedule.ts';
import { escrowAccount, revenueAccount } from '../domain/settings.ts';
import { errandsLaws } from '../laws.ts';
import { errandsMigrations } from '../store/migrations.ts';
import { beat } from '../store/orders/beat.ts';
import { type Ordering, type OrderingContext, placeOrders } from '../store/orders/create.ts';
import { makeDueRuns, type Round } from '../store/orders/make-due.ts';
import { type OrderRow, orderTables } from '../store/orders/tables.ts';
import { queueTables, type RunRow } from '../store/queue/tables.ts';

export interface OrdersWorld {
  readonly state: State;
  readonly clock: ManualClock;
  context(): OrderingContext;
  /** Opens an account and its wallet with so many coins; resolves the account's id. */
  customer(name: string, coins: number): Promise<string>;
  setLocked(accountId: string, locked: boolean): Promise<void>;
  give(accountId: string, coins: number): Promise<void>;
  place(accountId: string, terms: readonly OrderTerms[], key?: string): Promise<Ordering>;
  /** Places one, or the test fails. */
  order(accountId: string, terms?: Partial<OrderTerms>): Promise<string>;
  /** As a scheduler does once. */
  round(limit?: number): Promise<Round>;
  /** As a scheduler does, until nothing is due; resolves how many runs were made. */
  makeRuns(): Promise<number>;
  /** As schedulers do now and then: the promise counts from the first one on. */
  beat(): Promise<void>;
  row(orderId: string): Promise<OrderRow>;
  runs(orderId: string): Promise<readonly RunRow[]>;
  coinsOf(accountId: string): Promise<number>;
  letters(): Promise<readonly string[]>;
  violations(): Promise<readonly string[]>;
}

export const localHost = '127.0.0.1:3000';

let keys = 0;

export async function openOrdersWorld(state: State, { seed = 7, clock = manualClock() } = {}): Promise<OrdersWorld> {
  await state.migrate([...outboxMigrations, ...mailMigrations, ...peopleMigrations, ...coinsMigrations, ...errandsMigrations]);
  await state.write((queries) => openAccounts(queries, [escrowAccount, revenueAccount]));
  const random = seededRandom(seed);
  const mail = openOutboxMail({ clock, random });
  const context = (): OrderingContext => ({ now: clock.now(), hosts: { delayMs: 200, allowed: [localHost] }, mail, random });
  const people = (queries: Queries) => queries.withTables<PeopleTables>();
  const place: OrdersWorld['place'] = (accountId, orders, key) => {
    keys += 1;
    const request = { accountId, key: key ?? `order ${keys} of ${process.pid}`, bodyHash: JSON.stringify(orders), orders };
    return state.write((queries) => placeOrders(queries, request, context()));
  };
  return {
    state,
    clock,
    context,
    async customer(name, coins) {
      await state.write(async (queries) => {
        const person = {
          id: name,
          email: `${name}@example.org`,
          name,
          role: 'member',
          password_hash: '',
          locked_at: null,
          created_at: 0,
        } as const;
        await people(queries).insertInto('person').values(person).execute();
        await openAccount(queries, { owner: name, kind: 'wallet', mode: 'strict' });
        if (coins > 0) await give(queries, clock.now(), name, coins);
      });
      return name;
    },
    async setLocked(accountId, locked) {
      const change = { locked_at: locked ? clock.now() : null };
      await state.write((queries) => people(queries).updateTable('person').set(change).where('id', '=', accountId).execute());
    },
    give: (accountId, coins) => state.write((queries) => give(queries, clock.now(), accountId, coins)),
    place,
    async order(accountId, terms) {
      const answer = await place(accountId, [termsFrom(clock.now(), terms)]);
      assert.equal(answer.outcome, 'ordered', JSON.stringify(answer));
      return answer.orderIds[0] ?? assert.fail();
    },
    round: (limit) => makeDueRuns(state, context, limit),
    async makeRuns() {
      let made = 0;
      for (;;) {
        const round = await makeDueRuns(state, context);
        made += round.runs;
        if (round.orders === 0) return made;
      }
    },
    beat: () => state.write((queries) => beat(queries, clock.now())),
    row: (orderId) =>
      state.read((queries) =>
        orderTables(queries).selectFrom('errands_order').selectAll().where('id', '=', orderId).executeTakeFirstOrThrow(),
      ),
    runs: (orderId) =>
      state.read((queries) =>
        queueTables(queries)
          .selectFrom('errands_run')
          .selectAll()
          .where('order_id', '=', orderId)
          .orderBy('generation')
          .orderBy('slot')
          .orderBy('copy')
          .execute(),
      ),
    async coinsOf(accountId) {
      return (await state.read((queries) => balanceOf(queries, walletOf(accountId))))?.posted ?? 0;
    },
    async letters() {
      const kept = (await state.read(async (queries) => mail.kept?.(queries, 100))) ?? [];
      return kept.map(({ to, subject }) => `${to}: ${subject}`);
    },
    async violations() {
      const found = [];
      for (const law of errandsLaws()) {
        for (const scope of ['all', 'recent'] as const)
          found.push(...(await law.check({ state, clock, random } as never, scope)).violations);
      }
      return found;
    },
  };
}

let grants = 0;

async function give(queries: Queries, at: number, name: string, amount: number): Promise<void> {
  grants += 1;
  const accounts = { debit: houseAccounts.mint, credit: walletOf(name) };
  const [answer] = await post(queries, [{ scope: 'test', key: `${name} ${grants}`, kind: 'grant', amount, at, ...accounts }]);
  assert.equal(answer?.outcome, 'posted');
}

/** A page of the house's own, fetched every minute from now on, ten times. */
export function termsFrom(now: number, wish: Partial<OrderTerms> = {}): OrderTerms {
  return {
    title: 'Prices',
    address: `http://${localHost}/demo-site/prices`,
    host: localHost,
    method: 'GET',
    headers: {},
    schedule: every(60, now),
    extraction: null,
    onlyChanges: false,
    webhook: null,
    mail: false,
    copies: 1,
    instrument: null,
    ...wish,
  };
}

export function every(seconds: number, start: number, wish: Partial<Schedule> = {}): Schedule {
  return {
    start,
    zone: 'UTC',
    repeat: { kind: 'interval', seconds },
    repetitions: 10,
    jitterMs: 0,
    activeHours: null,
    catchUp: 'one',
    lateMs: 60_000,
    overlap: 'allow',
    ...wish,
  };
}
