/** How results reach receivers and letters on every State: events, webhooks in order and signed, letters an hour apart, prices on the tape. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { mailMigrations } from '#engines/mail/letters-table.ts';
import { openOutboxMail } from '#engines/mail/outbox.ts';
import { realClock } from '#house/real-clock.ts';
import { peopleMigrations } from '#modules/people/store/tables.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { testSecrets } from '#testkit/seal.ts';
import { until } from '#testkit/until.ts';
import { failMs } from '../../domain/orders.ts';
import type { ResultItem } from '../../domain/result-items.ts';
import { openFetch } from '../../engines/fetch/http-fetch.ts';
import { sendWebhooks } from '../../roles/delivery/send-webhooks.ts';
import { writeLetters } from '../../store/delivery/letters.ts';
import { deliveryTables } from '../../store/delivery/tables.ts';
import { webhookState } from '../../store/delivery/webhooks.ts';
import { deliver, startReceiversInstance, withdraw } from '../delivery-world.ts';
import { type ErrandsWorld, openErrandsWorld } from '../errands-world.ts';

export interface DeliveryContract {
  open(t: TestContext): Promise<State>;
}

const hourMs = 3_600_000;
const anna = 'a'.repeat(32);

export function deliveryContract(name: string, contract: DeliveryContract): void {
  async function open(t: TestContext) {
    const state = await contract.open(t);
    await state.migrate([...mailMigrations, ...peopleMigrations]);
    const world = await openErrandsWorld(state);
    await world.customer(anna, 1_000);
    await state.write((queries) =>
      sql`insert into person (id, email, name, role, password_hash, created_at) values (${anna}, 'anna@example.org', 'Anna', 'member', '', 0)`.execute(
        queries,
      ),
    );
    const mail = openOutboxMail(world.ports);
    const letters = async () => (await state.read(async (queries) => mail.kept?.(queries, 100))) ?? [];
    return { state, world, mail, letters };
  }

  async function openWithReceiver(t: TestContext) {
    const opened = await open(t);
    const { world, mail } = opened;
    const receiver = await startReceiver(t);
    const fetch = openFetch({ clock: realClock, rules: { allow: [new URL(receiver.address).host] } });
    t.after(() => fetch.close());
    const seal = await testSecrets().unlock();
    const start = () => {
      const chore = sendWebhooks({ ...world.ports, mail, fetch, seal, metrics: silentMetrics() });
      t.after(() => chore.stop());
      return chore;
    };
    return { ...opened, receiver, start };
  }

  describe(`delivery: ${name}`, () => {
    it('sends webhooks in order, signed, each until it is taken', async (t) => {
      const { state, world, receiver, start } = await openWithReceiver(t);
      const order = await world.order(anna, 10, { webhook: receiver.address });
      await deliver(world, order, [
        { page: 'a', value: '1' },
        { page: 'b', value: '2' },
        { page: 'c', value: '3' },
      ]);
      const chore = start();
      // What is still being sent when time is moved by more than its lease is sent again.
      const ended = () =>
        until(
          flowing(world, async () => (await stateOf(state, order)).webhook_at === null),
          { describe: 'the end of sending' },
        );
      await until(
        flowing(world, () => receiver.taken.length === 3),
        { describe: 'three webhooks' },
      );
      assert.deepEqual(
        receiver.taken.map(({ value }) => value),
        ['1', '2', '3'],
      );
      assert.deepEqual(
        receiver.ids,
        [1, 2, 3].map((number) => `${order}-${number}`),
      );
      await ended();
      // An instance that is there already notices those that come later.
      await deliver(world, order, [{ page: 'd', value: '4' }]);
      await world.clock.advance(1_000);
      await until(
        flowing(world, () => receiver.taken.length === 4),
        { describe: 'the fourth webhook' },
      );
      await ended();
      // What was delivered already is withdrawn by a webhook of its own.
      await withdraw(world, order, [2]);
      await world.clock.advance(failMs + 1_000);
      await until(
        flowing(world, () => receiver.taken.length === 5),
        { describe: 'the withdrawal' },
      );
      const { type, number, outcome, withdraws, reason } = receiver.taken[4] ?? assert.fail();
      assert.deepEqual([type, number, outcome, withdraws, reason], ['withdrawal', 5, 'withdrawn', 2, 'lie']);
      assert.deepEqual(
        receiver.taken.slice(0, 4).map((each) => each.type),
        Array(4).fill('result'),
      );
      await chore.stop();
    });

    it('shows the secret in a session only, and signs with a new one alone once it is renewed', async (t) => {
      const { world, receiver, start } = await openWithReceiver(t);
      const api = await startReceiversInstance(t, world.ports);
      const session = { cookie: `kontor_session=${anna}` };
      const show = () => api.send('/api/errands/webhook-secret', { headers: session });
      const first = (await show()).json().secret;
      assert.equal(first, `whsec_${Buffer.from('secret').toString('base64')}`);
      const renewal = { method: 'POST', headers: session };
      const { secret } = (await api.send('/api/errands/webhook-secret/renewal', renewal)).json();
      assert.match(secret, /^whsec_[A-Za-z0-9+/]{32,}=*$/);
      assert.notEqual(secret, first);
      assert.equal((await show()).json().secret, secret, 'it stays until it is renewed again');
      for (const headers of [{}, { authorization: `Bearer kontor_pat_${anna}` }] as Record<string, string>[]) {
        for (const path of ['/api/errands/webhook-secret', '/api/errands/webhook-secret/renewal']) {
          const refused = await api.send(path, { headers, method: path.endsWith('renewal') ? 'POST' : 'GET' });
          assert.ok([401, 403].includes(refused.status) && !refused.text.includes('whsec_'), `${path}: ${refused.text}`);
        }
      }
      // Somebody who was no customer before has one, too, and another.
      const other = (await api.send('/api/errands/webhook-secret', { headers: { cookie: 'kontor_session=bert' } })).json();
      assert.match(other.secret, /^whsec_/);
      assert.notEqual(other.secret, secret);

      const order = await world.order(anna, 10, { webhook: receiver.address });
      await deliver(world, order, [{ page: 'a', value: '1' }]);
      start();
      const refused = async () => (await stateOf(world.state, order)).failures > 0;
      await until(flowing(world, refused), { describe: 'a receiver with the old secret to refuse it' });
      receiver.setKey(Buffer.from(secret.replace('whsec_', ''), 'base64'));
      await world.clock.advance(60_000);
      await until(
        flowing(world, () => receiver.taken.length === 1),
        { describe: 'one with the new secret to take it' },
      );
    });

    it('sends all of them, once each, to a receiver that was down for a day', async (t) => {
      const { state, world, receiver, start } = await openWithReceiver(t);
      const order = await world.order(anna, 100, { webhook: receiver.address });
      receiver.fail(true);
      start();
      for (let hour = 0; hour < 24; hour += 1) {
        await deliver(world, order, [{ page: `hour ${hour}` }]);
        await world.clock.advance(hourMs);
        const hasFailed = async () => {
          const { webhook_at, webhook_lease } = await stateOf(state, order);
          return webhook_lease === null && (webhook_at ?? 0) > world.clock.now();
        };
        await until(flowing(world, hasFailed), { describe: 'a failed attempt' });
      }
      const before = await stateOf(state, order);
      assert.ok(before.failures > 10 && /503/.test(before.failure ?? ''), JSON.stringify(before));
      assert.equal((await state.read((queries) => webhookState(queries, order))).waiting, 24);
      receiver.fail(false);
      await world.clock.advance(hourMs);
      await until(
        flowing(world, () => receiver.taken.length === 24),
        { describe: () => `24 webhooks, and not ${receiver.taken.length}` },
      );
      assert.deepEqual(
        receiver.taken.map(({ number }) => number),
        Array.from({ length: 24 }, (_, index) => index + 1),
      );
      assert.equal((await stateOf(state, order)).failure, null);
    });

    it('gives a receiver up after three days, says so in a letter, and tries another address', async (t) => {
      const { state, world, receiver, start, letters } = await openWithReceiver(t);
      const order = await world.order(anna, 100, { webhook: receiver.address });
      receiver.fail(true);
      await deliver(world, order, [{ page: 'a' }]);
      const chore = start();
      await until(
        async () => {
          await world.clock.advance(2 * hourMs);
          chore.wake();
          return (await stateOf(state, order)).gave_up_on !== null;
        },
        { describe: 'the house to give up' },
      );
      const [letter] = await letters();
      assert.match(letter?.text ?? '', new RegExp(`${order}.*${receiver.address}`, 's'));
      await deliver(world, order, [{ page: 'b' }]);
      assert.equal((await state.read((queries) => webhookState(queries, order))).waiting, 0, 'nothing waits for it');
      receiver.fail(false);
      await state.write((queries) =>
        sql`update errands_order set webhook = ${`${receiver.address}?new`} where id = ${order}`.execute(queries),
      );
      await deliver(world, order, [{ page: 'c' }]);
      await world.clock.advance(1_000);
      await until(
        flowing(world, () => receiver.taken.length === 1),
        { describe: 'the new address to get the next result' },
      );
      assert.equal(receiver.taken[0]?.number, 3);
    });

    it('writes a letter at once and then one an hour, however many results come', async (t) => {
      const { state, world, mail, letters } = await open(t);
      const order = await world.order(anna, 200, { mail: 1 });
      const write = () =>
        state.write((queries) => writeLetters(queries, { mail, now: world.clock.now(), limit: 10, origin: 'https://kontor.example' }));
      await deliver(world, order, [{ page: 'a', value: 'seven' }]);
      assert.deepEqual([await write(), await write()], [1, 0]);
      for (let count = 0; count < 40; count += 1) await deliver(world, order, [{ page: `p ${count}` }]);
      assert.equal(await write(), 0);
      await world.clock.advance(hourMs);
      assert.equal(await write(), 1);
      const [second, first] = await letters();
      assert.match(first?.text ?? '', / {2}1 {2}2026\S+ {2}seven\n/);
      assert.match(second?.text ?? '', / {2}41 {2}.* {2}12 {2}.*and 10 before these/s);
      assert.match(second?.text ?? '', new RegExp(`https://kontor.example/errands/orders/${order}`));
    });

    it('puts an event for each delivered page into the outbox, and numbers on the tape', async (t) => {
      const { state, world } = await open(t);
      const order = await world.order(anna, 10, { instrument: 'ERRANDS.TEA' });
      await deliver(world, order, [
        { page: 'a', value: '4.56', micros: 4_560_000 },
        { page: 'b', value: 'none' },
      ]);
      await withdraw(world, order, [1]);
      const entries = await state.read((queries) =>
        sql<{
          topic: string;
          partition: string;
          body: Uint8Array;
          count: number;
        }>`select topic, partition, body, count from outbox order by id`.execute(queries),
      );
      const events = entries.rows.filter(({ topic }) => topic === 'errands-results');
      const records = events.flatMap(({ body }) => Buffer.from(body).toString().trimEnd().split('\n')).map((line) => JSON.parse(line));
      assert.deepEqual(
        records.map(({ account, order: of, feed, value, withdraws }) => [account, of, feed, value, withdraws]),
        [
          [anna, order, 1, '4.56', null],
          [anna, order, 2, 'none', null],
          [anna, order, 3, null, 1],
        ],
      );
      const tape = entries.rows.filter(({ topic }) => topic === 'trades').map(({ partition, count }) => [partition, count]);
      assert.deepEqual(
        tape.filter(([partition]) => partition === 'ERRANDS.TEA'),
        [['ERRANDS.TEA', 1]],
      );
    });
  });
}

/** The work rests by this clock between two looks: a little passes with each look at the condition. */
function flowing(world: Pick<ErrandsWorld, 'clock'>, condition: () => boolean | Promise<boolean>): () => Promise<boolean> {
  return async () => {
    await world.clock.advance(2);
    return condition();
  };
}

async function stateOf(state: State, order: string) {
  return state.read((queries) =>
    deliveryTables(queries).selectFrom('errands_delivery').selectAll().where('order_id', '=', order).executeTakeFirstOrThrow(),
  );
}

/** Checks signatures as a customer would, and keeps what it took. */
async function startReceiver(t: TestContext) {
  const taken: (ResultItem & { type: string })[] = [];
  const ids: string[] = [];
  let failing = false;
  let key = Buffer.from('secret');
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = request.headers;
      const expected = `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`;
      const isTaken = !failing && signature === expected;
      if (isTaken) {
        taken.push(JSON.parse(body));
        ids.push(String(id));
      }
      response.writeHead(isTaken ? 204 : 503).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return {
    taken,
    ids,
    address,
    setKey: (now: Buffer<ArrayBuffer>) => {
      key = now;
    },
    fail: (now: boolean) => {
      failing = now;
    },
  };
}
