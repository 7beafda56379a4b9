/** Presences on a real State: processes tell of themselves, and notice each other's deaths once. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { eventMigrations, eventSentence, recentEvents } from '#core/events.ts';
import { keepLease, leaseMigrations } from '#core/lease.ts';
import type { State } from '#core/ports/state.ts';
import { type PresentRole, presenceMigrations, presences } from '#core/presence.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { until } from '#testkit/until.ts';
import { startPresence } from './presence.ts';

const never = new AbortController().signal;
const openBooks = (t: TestContext) => temporaryState(t, [...leaseMigrations, ...presenceMigrations, ...eventMigrations]);

interface Options {
  readonly state: State;
  readonly clock: ManualClock;
  readonly name: string;
}

function enter(t: TestContext, { state, clock, name }: Options) {
  const holder = processHolder(name);
  const roles: PresentRole[] = [{ role: 'relay', ready: true, says: 'active' }];
  const engines = { stream: { ping: async () => {} }, lake: { ping: async () => {} } };
  const ports = { state, clock, holder, log: silentLog(), random: seededRandom(1), ...engines };
  const pulses = { counters: [{ name: 'trades', module: 'stocks', metric: 'trades_total' }], total: async () => 5 };
  const running = startPresence({ ports, name, host: 'here', version: '1', roles: () => roles, partitions: () => [], pulses });
  t.after(() => running.stop(never).catch(() => {}));
  return { holder, running, roles, engines, ports };
}

function tellers(state: State, clock: ManualClock) {
  const sentences = async () => (await state.read((queries) => recentEvents(queries, 50))).map(eventSentence).reverse();
  const names = async () => (await state.read(presences)).map(({ name }) => name).sort();
  const pass = (condition: () => Promise<boolean>, describe: string) =>
    until(
      async () => {
        await clock.advance(500);
        return condition();
      },
      { describe },
    );
  return { sentences, names, pass };
}

describe('a presence', () => {
  it('tells what the process is, and is taken away in order', async (t) => {
    const state = await openBooks(t);
    const clock = manualClock();
    const { sentences, names, pass } = tellers(state, clock);
    const { running, holder } = enter(t, { state, clock, name: 'one' });
    await pass(async () => (await names()).includes('one'), 'its row');
    const [row] = await state.read(presences);
    assert.equal(row?.holder, holder.id);
    assert.equal(row?.pid, process.pid);
    assert.ok((row?.memoryBytes ?? 0) > 1_000_000);
    assert.deepEqual(row?.roles, [{ role: 'relay', ready: true, says: 'active' }]);
    assert.deepEqual(row?.pulses, [{ name: 'trades', module: 'stocks', total: 5, perSecond: 0 }]);
    await running.stop(never);
    assert.deepEqual(await names(), []);
    assert.deepEqual(await sentences(), ['one started', 'one stopped in order']);
  });

  it('of a process that falls silent is removed by the others, who tell of its death once, and of its return', async (t) => {
    const state = await openBooks(t);
    const [own, silent] = [manualClock(), manualClock()];
    const { sentences, names, pass } = tellers(state, own);
    enter(t, { state, clock: own, name: 'one' });
    enter(t, { state, clock: own, name: 'two' });
    enter(t, { state, clock: silent, name: 'frozen' });
    await pass(async () => (await names()).length === 3, 'three rows');
    // Its clock stands still: it does not renew its row.
    await pass(async () => (await names()).length === 2, 'the silent one to be removed');
    assert.equal((await sentences()).filter((sentence) => sentence === 'frozen died').length, 1);
    silent.setNow(own.now());
    await silent.advance(2_000);
    await until(async () => (await names()).length === 3, { describe: 'it to come back' });
    assert.match((await sentences()).at(-1) ?? '', /^frozen came back after \d+\.\d s$/);
  });

  it('of a living process stays, though nobody could renew for a while', async (t) => {
    const state = await openBooks(t);
    const clock = manualClock();
    const { sentences, names, pass } = tellers(state, clock);
    const outage = new Error('the State is away');
    let isAway = false;
    const sometimes: State = {
      can: state.can,
      read: (work) => (isAway ? Promise.reject(outage) : state.read(work)),
      write: (work) => (isAway ? Promise.reject(outage) : state.write(work)),
      migrate: (migrations) => state.migrate(migrations),
      pending: (migrations) => state.pending(migrations),
      onChange: (listener) => state.onChange(listener),
      ping: () => state.ping(),
      close: () => state.close(),
    };
    for (const name of ['one', 'two', 'three']) {
      enter(t, { state: sometimes, clock, name });
      await clock.advance(700);
    }
    await pass(async () => (await names()).length === 3, 'three rows');
    // At each moment between the beats of one and those of another.
    for (let outages = 1; outages <= 8; outages += 1) {
      await clock.advance(250 * outages);
      isAway = true;
      for (let passed = 0; passed < 12; passed += 1) await clock.advance(1_000);
      isAway = false;
      await pass(async () => (await sentences()).at(-1)?.endsWith('reaches state again') === true, 'the State to be back');
      for (let passed = 0; passed < 12; passed += 1) await clock.advance(500);
    }
    assert.deepEqual(
      (await sentences()).filter((sentence) => sentence.endsWith('died')),
      [],
    );
    assert.equal(
      (await sentences()).filter((sentence) => sentence.includes('cannot reach state: the State is away')).length,
      8,
      'one event each',
    );
  });

  it('of a process that is certainly gone is removed at once', async (t) => {
    const state = await openBooks(t);
    const [own, other] = [manualClock(), manualClock()];
    const { names } = tellers(state, own);
    const { holder } = enter(t, { state, clock: other, name: 'two' });
    await until(async () => (await names()).length === 1, { describe: 'its row' });
    holder.bury();
    enter(t, { state, clock: own, name: 'one' });
    await until(async () => (await names()).join() === 'one', { describe: 'one row' });
  });

  it('tells when a role is not ready, and when it is again', async (t) => {
    const state = await openBooks(t);
    const clock = manualClock();
    const { sentences, names, pass } = tellers(state, clock);
    const { roles } = enter(t, { state, clock, name: 'one' });
    await pass(async () => (await names()).length === 1, 'its row');
    roles[0] = { role: 'relay', ready: false, says: 'disk full' };
    await pass(async () => (await sentences()).includes('relay is not ready in one: disk full'), 'the trouble');
    roles[0] = { role: 'relay', ready: true, says: 'active' };
    await pass(async () => (await sentences()).includes('relay is ready again in one'), 'the recovery');
  });

  it('tells when an engine cannot be reached, and when it can again', async (t) => {
    const state = await openBooks(t);
    const clock = manualClock();
    const { sentences, pass } = tellers(state, clock);
    const { engines } = enter(t, { state, clock, name: 'one' });
    engines.stream.ping = () => Promise.reject(new Error('connection refused'));
    await pass(async () => (await sentences()).includes('one cannot reach stream: connection refused'), 'the trouble');
    assert.deepEqual(
      (await state.read(presences)).map(({ away }) => away),
      [['stream']],
    );
    engines.stream.ping = async () => {};
    await pass(async () => (await sentences()).includes('one reaches stream again'), 'the recovery');
  });

  it('tells who took a lease over, and from whom', async (t) => {
    const state = await openBooks(t);
    const clock = manualClock();
    const { sentences, names, pass } = tellers(state, clock);
    const [one, two] = [enter(t, { state, clock, name: 'one' }), enter(t, { state, clock, name: 'two' })];
    await pass(async () => (await names()).length === 2, 'two rows');
    const idle = async () => {};
    const first = keepLease({ ports: one.ports, name: 'auditor', whileHeld: idle });
    await until(() => first.active(), { describe: 'the first to hold the lease' });
    const second = keepLease({ ports: two.ports, name: 'auditor', whileHeld: idle });
    t.after(() => second.stop());
    await clock.advance(2_000);
    await clock.advance(2_000);
    await first.stop();
    await pass(async () => (await sentences()).includes('two took over auditor from one'), 'the lease to change hands');
  });
});
