/** Leases on a real State: one holder at a time; another takes over when it stops, dies, or no longer renews. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { processHolder, type TestHolder } from '#testkit/holder.ts';
import { type RecordingLog, recordingLog } from '#testkit/log.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { until } from '#testkit/until.ts';
import { keepLease, type LeaseKeeper, leaseHolder, leaseMigrations } from './lease.ts';
import type { State } from './ports/state.ts';

const ttlMs = 1_000;

const openBooks = (t: TestContext) => temporaryState(t, leaseMigrations);

interface Member {
  readonly keeper: LeaseKeeper;
  readonly holder: TestHolder;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  /** How many times its work began and ended. */
  readonly work: { begun: number; ended: number };
}

interface MemberOptions {
  readonly state: State;
  readonly name?: string;
  readonly whileHeld?: (signal: AbortSignal) => Promise<void>;
}

function enter(t: TestContext, { state, name = 'auditor', whileHeld = untilAborted }: MemberOptions): Member {
  const clock = manualClock();
  const holder = processHolder('member');
  const log = recordingLog();
  const work = { begun: 0, ended: 0 };
  const keeper = keepLease({
    ports: { state, clock, holder, log },
    name,
    ttlMs,
    whileHeld: async (signal) => {
      work.begun += 1;
      try {
        await whileHeld(signal);
      } finally {
        work.ended += 1;
      }
    },
  });
  t.after(() => keeper.stop());
  return { keeper, holder, clock, log, work };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Moves time forward in small steps until the condition holds. */
async function pass(clocks: readonly ManualClock[], condition: () => boolean, describe: string): Promise<void> {
  await until(
    async () => {
      for (const clock of clocks) await clock.advance(50);
      return condition();
    },
    { describe },
  );
}

/** Moves time forward by `ms`, letting the State answer in between. */
async function passFor(clocks: readonly ManualClock[], state: State, ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 50) {
    for (const clock of clocks) await clock.advance(50);
    await state.ping();
  }
}

describe('a lease', () => {
  it('has one holder at a time for each name', async (t) => {
    const state = await openBooks(t);
    const first = enter(t, { state });
    await until(() => first.keeper.active(), { describe: 'the first to gain the lease' });
    const second = enter(t, { state });
    const other = enter(t, { state, name: 'relay' });
    await until(() => other.keeper.active(), { describe: 'the other lease to be gained' });
    await passFor([first.clock, second.clock, other.clock], state, ttlMs * 3);
    assert.equal(first.keeper.active(), true);
    assert.equal(second.work.begun, 0);
    assert.equal(await leaseHolder(state, 'auditor'), first.holder.id);
  });

  it('passes to another when the holder stops, after its work has ended', async (t) => {
    const state = await openBooks(t);
    const windDown = Promise.withResolvers<void>();
    const first = enter(t, {
      state,
      whileHeld: async (signal) => {
        await untilAborted(signal);
        await windDown.promise;
      },
    });
    await until(() => first.keeper.active(), { describe: 'the first to gain the lease' });
    const second = enter(t, { state });
    const stopped = first.keeper.stop();
    assert.equal(first.keeper.active(), false);
    await passFor([first.clock, second.clock], state, ttlMs * 3);
    assert.equal(second.work.begun, 0, 'the lease is kept while the work winds down');
    windDown.resolve();
    await stopped;
    assert.equal(first.work.ended, 1);
    // One attempt later, long before the lease would have expired.
    await second.clock.advance(ttlMs / 4);
    await until(() => second.keeper.active(), { describe: 'the second to gain the lease' });
  });

  it('is taken over at once from a holder that is certainly gone', async (t) => {
    const state = await openBooks(t);
    const dead = enter(t, { state });
    await until(() => dead.keeper.active(), { describe: 'the first to gain the lease' });
    // From here on the first one's clock does not move, as if the process were dead.
    dead.holder.bury();
    const second = enter(t, { state });
    await until(() => second.keeper.active(), { describe: 'the second to gain the lease without waiting' });
  });

  it('goes to exactly one of many that try to take it at the same moment', async (t) => {
    const state = await openBooks(t);
    const dead = enter(t, { state });
    await until(() => dead.keeper.active(), { describe: 'the first to gain the lease' });
    dead.holder.bury();
    // All of them have read the lease and found it free before the first one takes it.
    const allRead = Promise.withResolvers<void>();
    let reads = 0;
    const crowded: State = Object.create(state, {
      write: { value: state.write.bind(state) },
      read: {
        value: async (work: Parameters<State['read']>[0]) => {
          const found = await state.read(work);
          reads += 1;
          if (reads === 10) allRead.resolve();
          await allRead.promise;
          return found;
        },
      },
    });
    const rivals = Array.from({ length: 10 }, () => enter(t, { state: crowded }));
    await until(() => rivals.some(({ keeper }) => keeper.active()), { describe: 'one of them to gain the lease' });
    await passFor(
      rivals.map(({ clock }) => clock),
      state,
      ttlMs,
    );
    assert.equal(rivals.filter(({ work }) => work.begun > 0).length, 1);
  });

  it('is taken over from a holder that no longer renews, only after `ttlMs`', async (t) => {
    const state = await openBooks(t);
    const silent = enter(t, { state });
    await until(() => silent.keeper.active(), { describe: 'the first to gain the lease' });
    const second = enter(t, { state });
    await passFor([second.clock], state, ttlMs * 0.8);
    assert.equal(second.work.begun, 0);
    await pass([second.clock], () => second.keeper.active(), 'the second to take over');

    // The first one wakes up, finds the lease taken, and ends its work.
    await pass([silent.clock, second.clock], () => silent.work.ended === 1, 'the first to end its work');
    assert.equal(silent.keeper.active(), false);
    await passFor([silent.clock, second.clock], state, ttlMs * 3);
    assert.equal(second.keeper.active(), true);
    assert.equal(silent.work.begun, 1);
  });

  it('ends the work of a holder that cannot renew it before another may take over', async (t) => {
    const state = await openBooks(t);
    const broken: { write?: Error } = {};
    const flaky: State = Object.create(state, {
      write: { value: (work: Parameters<State['write']>[0]) => (broken.write ? Promise.reject(broken.write) : state.write(work)) },
      read: { value: state.read.bind(state) },
    });
    const member = enter(t, { state: flaky });
    await until(() => member.keeper.active(), { describe: 'the lease to be gained' });
    broken.write = new Error('the disk is full');
    await member.clock.advance(ttlMs * 0.75);
    assert.equal(member.keeper.active(), true, 'one failed renewal does not lose the lease');
    await member.clock.advance(ttlMs * 0.1);
    assert.equal(member.keeper.active(), false);
    await until(() => member.work.ended === 1, { describe: 'the work to end' });
    delete broken.write;
    await pass([member.clock], () => member.keeper.active(), 'the lease to be gained again');
    assert.equal(member.work.begun, 2);
  });

  it('is released when the work fails, and gained again after a pause', async (t) => {
    const state = await openBooks(t);
    const member = enter(t, {
      state,
      whileHeld: async () => {
        throw new Error('no luck');
      },
    });
    await until(() => member.work.ended === 1, { describe: 'the work to fail' });
    await until(async () => (await leaseHolder(state, 'auditor')) === undefined, { describe: 'the lease to be released' });
    await pass([member.clock], () => member.work.begun === 2, 'the work to be tried again');
    assert.ok(member.log.entries.some(({ level, message }) => level === 'error' && message.includes('failed')));
  });

  it('is kept when the work ends early, so that no other process repeats it', async (t) => {
    const state = await openBooks(t);
    const member = enter(t, { state, whileHeld: async () => {} });
    const second = enter(t, { state });
    await until(() => member.work.ended + second.work.ended === 1, { describe: 'the work to be done' });
    await passFor([member.clock, second.clock], state, ttlMs * 3);
    assert.equal(member.work.begun + second.work.begun, 1);
  });

  it('stops at once while another process holds it', async (t) => {
    const state = await openBooks(t);
    const first = enter(t, { state });
    await until(() => first.keeper.active(), { describe: 'the first to gain the lease' });
    const second = enter(t, { state });
    await second.keeper.stop();
    assert.equal(second.work.begun, 0);
    assert.equal(first.keeper.active(), true);
  });
});
