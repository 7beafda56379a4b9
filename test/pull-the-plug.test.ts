/** A house in one process, whose plugs are pulled over HTTP: it goes on, comes back, and its books balance. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { House, Overview, Pull } from '#modules/overview/api/schemas.ts';
import { until } from '#testkit/until.ts';
import { openWorld, suiteCleanup, type World } from './attacks/world.ts';

const roles = ['people', 'coins', 'stocks-aggregator', 'stocks-publisher', 'relay', 'auditor', 'overview'];

describe('pulling the plug in one process', { timeout: 300_000 }, () => {
  const cleanup = suiteCleanup();
  let world: World;
  const environment = { AUDIT_INTERVAL_MS: '200', STOCK: 'MSFT,TSLA', TICKER_INTERVAL: '1' };

  before(async () => {
    world = await openWorld(cleanup, { roles, environment });
  });

  const overview = async (): Promise<Overview> => (await world.ask('GET', '/api/overview')).json();
  const house = async (): Promise<House> => (await world.ask('GET', '/api/overview/house')).json();

  it('shows the books, what flows, every role, lease, engine and queue', async () => {
    const seen = await until(
      async () => {
        const found = await overview();
        const trades = found.edges.find(({ name }) => name === 'trades');
        return found.books.verdict === 'holds' && found.processes === 1 && (trades?.perSecond ?? 0) > 0 && found;
      },
      { describe: 'a house whose laws hold, and whose trades flow' },
    );
    assert.equal(seen.books.broken + seen.books.unchecked, 0);
    assert.ok(seen.books.laws.length >= 10);
    assert.equal(seen.roles, roles.length);
    assert.deepEqual(seen.events.map(({ kind }) => kind).at(-1), 'started');
    // A sign of life may be late on a slow disk.
    const alive = async () => {
      const found = await house();
      return found.processes[0]?.silent === false && found;
    };
    const whole = await until(alive, { describe: 'a process that is not silent' });
    const [own] = whole.processes;
    assert.equal(own?.pid, process.pid);
    assert.ok((own?.memoryBytes ?? 0) > 1_000_000 && (own?.cores ?? -1) >= 0);
    const relay = whole.roles.find(({ role }) => role === 'relay');
    assert.deepEqual([relay?.many, relay?.active], [false, [own?.id]]);
    assert.equal(whole.leases.find(({ name }) => name === 'relay')?.process, own?.id);
    assert.ok(whole.engines.some(({ port, engine, reachable }) => port === 'state' && engine !== '' && reachable === true));
    assert.ok(whole.queues.some(({ name, partitions }) => name === 'trades (aggregator)' && partitions.length === 2));
  });

  async function pulled(kind: string, target: string): Promise<Pull> {
    const answer = await world.ask('POST', '/api/overview/pulls', { body: { kind, target } });
    assert.equal(answer.status, 201, answer.text);
    const { id } = answer.json();
    return until(
      async () => {
        const { pull } = (await world.ask('GET', `/api/overview/pulls/${id}`)).json();
        return pull.state !== 'running' && pull;
      },
      { timeoutMs: 60_000, describe: `the end of ${kind} ${target}` },
    );
  }

  const pulls = [
    ['stop-role', 'stocks-aggregator'],
    ['stop-role', 'relay'],
    ['fill-disk', 'stocks-aggregator'],
  ] as const;
  for (const [kind, target] of pulls) {
    it(`${kind}: ${target}, which comes back; nothing is lost and nothing doubled`, async () => {
      const pull = await pulled(kind, target);
      assert.equal(pull.state, 'done', JSON.stringify(pull));
      const { noticedMs, takenOverMs, recoveredMs, auditedMs, leases, verdict } = pull;
      assert.ok(leases > 0, 'it held something');
      for (const ms of [noticedMs, takenOverMs, recoveredMs, auditedMs]) assert.ok(ms !== null, JSON.stringify(pull));
      assert.ok((takenOverMs ?? 0) <= (recoveredMs ?? 0) && (recoveredMs ?? 0) <= (auditedMs ?? 0), JSON.stringify(pull));
      assert.deepEqual([verdict?.holds, verdict?.says], [true, '0 lost, 0 doubled']);
      const audit = await world.audit();
      assert.deepEqual(
        audit.filter(({ holds }) => holds !== true),
        [],
      );
    });
  }

  it('keeps the history, for people and for programs', async () => {
    const { items } = (await world.ask('GET', '/api/overview/pulls')).json();
    assert.deepEqual(
      items.map(({ kind, target, state }: Pull) => `${kind} ${target} ${state}`),
      pulls.toReversed().map(([kind, target]) => `${kind} ${target} done`),
    );
    const { laws } = (await world.ask('GET', `/api/overview/pulls/${items[0].id}`)).json();
    assert.equal(laws.length, items[0].verdict.laws);
    const csv = await world.ask('GET', '/api/overview/pulls.csv');
    assert.equal(csv.text.split('\r\n').length, pulls.length + 2);
    assert.match(csv.headers['content-type'] ?? '', /^text\/csv/);
    const { events } = await house();
    assert.ok(events.some(({ kind, subject }) => kind === 'pulled' && subject === 'relay'));
  });
});
