/** Pulling the plug of a role in one process: its lease changes hands, its next run works, and nobody else notices. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { allLeases, keepLease, leaseMigrations } from '#core/lease.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Role, RoleContext } from '#core/role.ts';
import { manualClock } from '#testkit/clock.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { until } from '#testkit/until.ts';
import { aheadMs } from './cord.ts';
import { Life } from './life.ts';
import { RolePulls } from './role-pulls.ts';

const ttlMs = 4_000;
const never = new AbortController().signal;

function service(says = 'active') {
  return { status: () => ({ ready: true, says }), stop: async () => {} };
}

/** A role that does its work under a lease, and fails for good when it cannot read. */
function worker(runs: AbortSignal[], contexts: RoleContext[], failing: boolean): Role<string> {
  return {
    name: 'worker',
    says: 'Works.',
    needs: [],
    instances: { oneActive: 'one is enough' },
    async start(context) {
      const { ports, fail } = context;
      contexts.push(context);
      const lease = keepLease({ ports, name: 'work', ttlMs, whileHeld: async (signal) => void runs.push(signal) });
      const looking = new AbortController();
      const look = async () => {
        while (!looking.signal.aborted) {
          await ports.clock.sleep(100, looking.signal);
          await ports.state.ping().catch((error: unknown) => failing && fail(error));
        }
      };
      const looked = look();
      return {
        status: () => ({ ready: true, says: lease.active() ? 'active' : 'standing by' }),
        async stop() {
          looking.abort();
          await Promise.all([looked, lease.stop()]);
        },
      };
    },
  };
}

async function open(t: TestContext, { failing = false } = {}) {
  const state = await temporaryState(t, leaseMigrations);
  const clock = manualClock();
  const runs: AbortSignal[] = [];
  const contexts: RoleContext[] = [];
  const failures: KontorError[] = [];
  const ports = { clock, log: silentLog(), holder: processHolder('house'), state, stream: {} } as unknown as Ports;
  const web: Role<string> = {
    name: 'web',
    says: 'Serves.',
    needs: [],
    instances: 'many',
    start: async () => ({ ...service(), web: 'pages' }),
  };
  const onFailure = (failure: KontorError) => failures.push(failure);
  const life = new Life({ roles: [web, worker(runs, contexts, failing)], ports, startTimeoutMs: 60_000, onFailure });
  const pulls = new RolePulls({ life, clock, log: silentLog(), fail: onFailure });
  await life.start(never);
  t.after(async () => {
    await pulls.close();
    await life.stop(never);
  });
  const pass = (condition: () => unknown, describe: string) =>
    until(
      async () => {
        await clock.advance(50);
        return condition();
      },
      { describe },
    );
  await pass(() => runs.length === 1, 'the worker to work');
  const times = async () => (await pulls.look()).pulls[0] ?? assert.fail('there is no pull');
  const lease = async () => (await state.read(allLeases))[0] ?? assert.fail('nobody holds the lease');
  const holder = async () => (await lease()).holder;
  const own = () => contexts.at(-1) ?? assert.fail('the worker has not started');
  return { life, clock, pulls, runs, own, failures, pass, times, lease, holder };
}

describe('pulling the plug of a role', () => {
  it('drops its run, starts another that takes its lease over at once, and tells the times', async (t) => {
    const { life, clock, pulls, runs, failures, pass, times, holder } = await open(t);
    const before = await holder();
    assert.deepEqual(
      (await pulls.look()).choices.map(({ kind, target }) => `${kind} ${target}`),
      ['stop-role worker', 'cut-role worker', 'fill-disk worker', 'set-clock worker'],
      'what serves pages cannot be dropped while the server runs',
    );
    await pulls.pull('one', { kind: 'stop-role', target: 'worker' });
    await pass(() => life.states().some(({ role, ready }) => role === 'worker' && !ready), 'the role to be down');
    assert.deepEqual(life.states().at(-1), { role: 'worker', ready: false, says: 'its plug was pulled; it starts again in a moment' });
    await pass(() => life.states().at(-1)?.ready, 'the role to be up');
    const upAt = clock.now();
    await pass(() => runs.length === 2, 'its next run to work');
    assert.ok(clock.now() - upAt < ttlMs / 2, 'the lease of a dropped run is free at once');
    assert.equal(runs[0]?.aborted, true, 'its first run ended');
    const after = await holder();
    assert.notEqual(after, before);
    assert.match(after, /\/worker\.2$/);
    const { pulledAt = 0, noticedAt = 0, readyAt = 0, failed } = await times();
    assert.equal(failed, undefined);
    assert.ok(pulledAt > 0 && noticedAt >= pulledAt && readyAt > noticedAt, JSON.stringify(await times()));
    assert.deepEqual(failures, []);
  });

  it('cuts it off for some seconds, in which it loses its lease, and lets it go on', async (t) => {
    const { pulls, runs, pass, times, lease } = await open(t);
    const before = await lease();
    await pulls.pull('one', { kind: 'cut-role', target: 'worker' });
    await pass(() => runs[0]?.aborted === true, 'the worker to give up its lease');
    assert.deepEqual(await lease(), before, 'nothing of it reaches the State');
    await pass(() => runs.length === 2, 'the worker to work again');
    assert.equal((await lease()).holder, before.holder, 'it is the same run');
    await pass(async () => (await times()).readyAt !== undefined, 'the end of the pull');
  });

  it('starts a role again that failed while it was cut off, and the house goes on', async (t) => {
    const { pulls, runs, failures, pass, holder } = await open(t, { failing: true });
    await pulls.pull('one', { kind: 'cut-role', target: 'worker' });
    await pass(() => runs.length === 2, 'its next run to work');
    assert.match(await holder(), /\/worker\.2$/);
    assert.deepEqual(failures, []);
  });

  it('does not end the house when the role fails only after its lines are back', async (t) => {
    const { pulls, runs, own, failures, pass, holder } = await open(t);
    const { ports, fail } = own();
    await pulls.pull('one', { kind: 'cut-role', target: 'worker' });
    await pass(() => runs[0]?.aborted === true, 'the worker to give up its lease');
    await pass(
      () =>
        ports.state.ping().then(
          () => true,
          () => false,
        ),
      'its lines to be back',
    );
    fail(new KontorError('unavailable', 'asked while it was cut off'));
    await pass(() => own().ports !== ports && runs.length === 2, 'its next run to work');
    assert.match(await holder(), /\/worker\.2$/);
    assert.deepEqual(failures, []);
  });

  it('fills its disk for some seconds: it reads, its writes are refused as by a full disk, and others write', async (t) => {
    const { life, pulls, runs, own, pass, times, lease } = await open(t);
    const before = await lease();
    const { state } = own().ports;
    await pulls.pull('one', { kind: 'fill-disk', target: 'worker' });
    const isFull = (error: unknown) => error instanceof KontorError && error.code === 'storage_full';
    await assert.rejects(
      state.write(async () => assert.fail('it is written')),
      isFull,
    );
    assert.equal(await state.read(async () => 'read'), 'read');
    assert.equal(
      life.states().every(({ ready }) => ready),
      true,
    );
    await pass(() => runs[0]?.aborted === true, 'the worker to lose its lease, which it cannot renew');
    assert.deepEqual(await lease(), before);
    await pass(() => runs.length === 2, 'the worker to work again');
    await pass(async () => (await times()).readyAt !== undefined, 'the end of the pull');
    assert.equal(await state.write(async () => 'written'), 'written');
    const { pulledAt = 0, noticedAt = 0, readyAt = 0 } = await times();
    assert.ok(noticedAt >= pulledAt && readyAt >= pulledAt + 8_000, JSON.stringify(await times()));
  });

  it('sets its clock ahead for some seconds: only its time of day is wrong, and it keeps its lease', async (t) => {
    const { clock, pulls, runs, own, pass, times } = await open(t);
    const { ports } = own();
    await pulls.pull('one', { kind: 'set-clock', target: 'worker' });
    assert.equal(ports.clock.now() - clock.now(), aheadMs);
    assert.equal(ports.clock.monotonicMs(), clock.monotonicMs());
    assert.equal((await times()).noticedAt, clock.now(), 'it looked at its clock');
    await pass(async () => (await times()).readyAt !== undefined, 'the end of the pull');
    assert.equal(ports.clock.now(), clock.now());
    assert.deepEqual([runs.length, runs[0]?.aborted], [1, false]);
  });

  it('ends the house with a role that fails after the pull is over', async (t) => {
    const { pulls, own, failures, pass, times } = await open(t);
    await pulls.pull('one', { kind: 'set-clock', target: 'worker' });
    await pass(async () => (await times()).readyAt !== undefined, 'the end of the pull');
    own().fail(new Error('of its own'));
    assert.match(failures[0]?.message ?? '', /of its own/);
  });

  it('is refused for what is not there, and while another pull is under way', async (t) => {
    const { pulls } = await open(t);
    const refused = (code: string) => (error: unknown) => error instanceof KontorError && error.code === code;
    await assert.rejects(pulls.pull('one', { kind: 'stop-role', target: 'web' }), refused('not_found'));
    await assert.rejects(pulls.pull('one', { kind: 'kill-process', target: 'worker' }), refused('not_found'));
    await pulls.pull('one', { kind: 'cut-role', target: 'worker' });
    await assert.rejects(pulls.pull('two', { kind: 'cut-role', target: 'worker' }), refused('conflict'));
  });
});
