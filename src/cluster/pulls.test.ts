/** Pulling plugs of real processes that a supervisor starts again: the times, what is refused, and what is told. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { freezeProcess, killProcess, runningProcess, startProcess, statFields, stopProcess } from './processes.ts';
import { ClusterPulls } from './pulls.ts';
import { type Part, Supervised } from './supervised.ts';

/** A process that sleeps, and is ready unless it is stopped where it is. */
function sleeper(folder: string, name: string, kind: Part['kind'], more: Partial<Part> = {}): Part {
  const plan = { name, folder, command: 'sleep', args: ['600'] };
  return {
    name,
    kind,
    stage: 1,
    address: '',
    log: '',
    processId: () => runningProcess(plan)?.pid,
    start: async () => void (await startProcess(plan)),
    stop: async () => void (await stopProcess(plan, { signal: 'SIGTERM', timeoutMs: 5_000 })),
    kill: () => killProcess(plan),
    freeze: (signal) => freezeProcess(plan, signal),
    checkHealth: async () => ({ ready: statFields(runningProcess(plan)?.pid ?? 0)?.[0] === 'S', says: '' }),
    ...more,
  };
}

async function open(t: TestContext, { faultMs = 300, frozenMs = 3_000 } = {}) {
  const folder = temporaryFolder(t);
  const nudged: string[] = [];
  const waits = new Set<string>();
  const parts = [
    sleeper(folder, 'relay', 'process', { nudge: () => nudged.push('relay') }),
    sleeper(folder, 'auditor', 'process', { nudge: () => nudged.push('auditor') }),
    sleeper(folder, 'nginx', 'proxy', { checkHealth: async () => ({ ready: !waits.has('nginx'), says: '' }) }),
    sleeper(folder, 'postgres', 'engine'),
    sleeper(folder, 'kafka', 'engine', { notOurs: true }),
  ];
  const tended = parts.map(
    (part) =>
      new Supervised(
        part,
        () => {},
        (name) => pulls.died(name),
      ),
  );
  const pulls: ClusterPulls = new ClusterPulls({ tended: () => tended, groups: () => [], note: () => {}, frozenMs, faultMs });
  t.after(async () => {
    pulls.close();
    await Promise.all(parts.map((part) => part.kill()));
  });
  const round = async () => {
    await Promise.all(tended.map((one) => one.tend()));
    pulls.looked(tended.flatMap((one) => one.rows()));
  };
  const pass = (condition: () => unknown, describe: string) => until(() => round().then(condition), { describe });
  await pass(() => tended.every((one) => one.row().ready), 'all to be ready');
  const times = async () => (await pulls.look()).pulls[0] ?? assert.fail('there is no pull');
  const pidOf = (name: string) => parts.find((part) => part.name === name)?.processId();
  const asked = () => until(() => nudged.length > 0, { describe: 'the process to be told to ask' });
  return { pulls, pass, times, pidOf, asked, waits };
}

describe('pulling the plug of parts of a cluster', () => {
  it('offers processes, and only the engines that the cluster started', async (t) => {
    const { pulls, pidOf } = await open(t);
    const { choices } = await pulls.look();
    assert.deepEqual(
      choices.map(({ kind, target, pid }) => [kind, target, pid]),
      [
        ['kill-process', 'relay', pidOf('relay')],
        ['stop-process', 'relay', pidOf('relay')],
        ['cut-process', 'relay', pidOf('relay')],
        ['fill-process-disk', 'relay', pidOf('relay')],
        ['set-process-clock', 'relay', pidOf('relay')],
        ['kill-process', 'auditor', pidOf('auditor')],
        ['stop-process', 'auditor', pidOf('auditor')],
        ['cut-process', 'auditor', pidOf('auditor')],
        ['fill-process-disk', 'auditor', pidOf('auditor')],
        ['set-process-clock', 'auditor', pidOf('auditor')],
        ['kill-process', 'nginx', undefined],
        ['stop-process', 'nginx', undefined],
        ['kill-engine', 'postgres', undefined],
      ],
    );
    const refused = (code: string) => (error: unknown) => error instanceof KontorError && error.code === code;
    await assert.rejects(pulls.pull('one', { kind: 'kill-engine', target: 'kafka' }), refused('not_found'));
    await assert.rejects(pulls.pull('one', { kind: 'kill-process', target: 'postgres' }), refused('not_found'));
    await pulls.pull('one', { kind: 'kill-process', target: 'relay' });
    await assert.rejects(pulls.pull('two', { kind: 'kill-process', target: 'auditor' }), refused('conflict'));
  });

  for (const [kind, target] of [['kill-process', 'relay'] as const, ['kill-engine', 'postgres'] as const]) {
    it(`${kind}: kills it, sees it die, and sees it ready again`, async (t) => {
      const { pulls, pass, times, pidOf } = await open(t);
      const before = pidOf(target);
      await pulls.pull('one', { kind, target });
      await pass(async () => (await times()).readyAt !== undefined, 'its recovery');
      const { pulledAt = 0, noticedAt = 0, readyAt = 0, failed } = await times();
      assert.equal(failed, undefined);
      assert.ok(pulledAt > 0 && noticedAt >= pulledAt && readyAt > noticedAt, JSON.stringify(await times()));
      assert.notEqual(pidOf(target), before);
      const { events } = await pulls.look();
      // Processes tell of each other themselves.
      assert.deepEqual(
        events.map(({ kind: what, subject }) => `${subject} ${what}`).sort(),
        kind === 'kill-process' ? [] : ['postgres came-back', 'postgres died'],
      );
    });
  }

  it('stop-process: freezes it for a while, and the same process goes on', async (t) => {
    const { pulls, pass, times, pidOf } = await open(t);
    const before = pidOf('relay');
    await pulls.pull('one', { kind: 'stop-process', target: 'relay' });
    await pass(async () => (await times()).noticedAt !== undefined, 'it to be missed');
    assert.equal((await times()).readyAt, undefined);
    await pass(async () => (await times()).readyAt !== undefined, 'it to go on');
    assert.equal(pidOf('relay'), before);
  });

  it('fill-process-disk: the process asks for its fault once, tells of it, and ends it itself', async (t) => {
    const { pulls, pass, times, pidOf, asked } = await open(t);
    const before = pidOf('relay');
    await pulls.pull('one', { kind: 'fill-process-disk', target: 'relay' });
    await asked();
    assert.deepEqual(pulls.faultOf('relay'), { id: 'one', kind: 'fill-process-disk' });
    assert.equal(pulls.faultOf('auditor'), undefined);
    pulls.reported('auditor', 'one', 'pulled');
    pulls.reported('relay', 'another', 'pulled');
    assert.equal((await times()).pulledAt, undefined, 'another process, and another pull');
    pulls.reported('relay', 'one', 'pulled');
    assert.equal(pulls.faultOf('relay'), undefined, 'its next run does not have it');
    pulls.reported('relay', 'one', 'noticed');
    await pass(async () => (await times()).readyAt !== undefined, 'its recovery');
    const { pulledAt = 0, noticedAt = 0, readyAt = 0, failed } = await times();
    assert.equal(failed, undefined);
    // Timers count whole milliseconds, and may be one ahead of the time of day.
    assert.ok(noticedAt >= pulledAt && readyAt >= pulledAt + 299, JSON.stringify(await times()));
    assert.equal(pidOf('relay'), before);
  });

  it('has recovered from a fault of which the process died, when its next run is ready', async (t) => {
    const { pulls, pass, times, pidOf, asked } = await open(t, { faultMs: 600_000 });
    const before = pidOf('relay');
    await pulls.pull('one', { kind: 'cut-process', target: 'relay' });
    await asked();
    pulls.reported('relay', 'one', 'pulled');
    process.kill(before ?? assert.fail('it does not run'), 'SIGKILL');
    await pass(async () => (await times()).readyAt !== undefined, 'its recovery');
    assert.notEqual(pidOf('relay'), before);
    assert.ok((await times()).noticedAt !== undefined);
  });

  it('does not take a proxy for dead that waits for a ready process', async (t) => {
    const { pulls, pass, waits } = await open(t);
    waits.add('nginx');
    const ready = async () => (await pulls.look()).parts.find(({ name }) => name === 'nginx')?.ready;
    await pass(async () => (await ready()) === false, 'it to wait');
    waits.clear();
    await pass(ready, 'it to pass requests on');
    assert.deepEqual((await pulls.look()).events, []);
  });

  it('lets a frozen process go on when the cluster stops', async (t) => {
    const { pulls, pass, times, pidOf } = await open(t, { frozenMs: 600_000 });
    await pulls.pull('one', { kind: 'stop-process', target: 'relay' });
    await pass(async () => (await times()).noticedAt !== undefined, 'it to be frozen');
    pulls.close();
    await until(() => statFields(pidOf('relay') ?? 0)?.[0] === 'S', { describe: 'it to go on' });
  });
});
