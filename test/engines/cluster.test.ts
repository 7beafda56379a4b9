/** `kontor cluster`: many processes behind NGINX, restarted when they die, and stopped in order. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort } from '#cluster/free-port.ts';
import { planMembers } from '#cluster/plan.ts';
import { type ClusterStatus, readStatus } from '#cluster/status-file.ts';
import { type Part, Supervised } from '#cluster/supervised.ts';
import { modules } from '#house/modules.ts';
import { placementOf } from '#house/placement.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { projectFolder } from '../../tools/engines/place.ts';
import { takeCluster } from './engine-use.ts';
import { engineFor } from './require-engine.ts';

takeCluster();
const { skip } = await engineFor('nginx');
const readyTimeoutMs = 120_000;

describe('a cluster on one data folder', { skip, timeout: 480_000 }, () => {
  let keeper: ChildProcess;
  let url: string;
  let printed = '';
  const taken = createServer();

  before(async () => {
    const port = await freePort();
    // Another program has one of the ports that follow; where one has it already, there is nothing to do.
    await once(taken.listen(port + 2, '127.0.0.1'), 'listening').catch(() => {});
    url = `http://127.0.0.1:${port}`;
    keeper = kontor(['cluster', 'up', '--port', String(port)], { STOCK: 'MSFT,TSLA', STOCKS_HISTORY_MINUTES: '0' });
    keeper.stderr?.on('data', (chunk) => {
      printed += chunk;
    });
    await allReady();
  });
  after(async () => {
    if (keeper?.exitCode === null) await Promise.all([once(keeper, 'exit'), keeper.kill('SIGTERM')]);
    taken.close();
  });
  // Registered after the stop of the cluster: hooks run in order.
  const dataDir = temporaryFolder({ after });

  function kontor(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
    return spawn(process.execPath, [path.join(projectFolder, 'bin/kontor.js'), ...args, '--data-dir', dataDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, RATE_LIMIT_PER_MINUTE: '0', ...environment },
    });
  }
  const part = (name: string) => readStatus(dataDir)?.parts.find((one) => one.name === name);
  async function allReady(): Promise<ClusterStatus> {
    return until(
      () => {
        const status = readStatus(dataDir);
        return status?.parts.every(({ ready, processId }) => ready && processId !== undefined) && status;
      },
      { timeoutMs: readyTimeoutMs, describe: () => `a cluster that is ready; ${JSON.stringify(readStatus(dataDir))}\n${printed}` },
    );
  }
  async function outcome(child: ChildProcess): Promise<{ code: number; text: string }> {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
    });
    const [code] = await once(child, 'close');
    return { code, text };
  }

  it('runs a publisher, three aggregators, two live views, the carriers and NGINX, and shows them', async () => {
    // On a busy machine, a process may miss its time limit for a moment.
    const text = await until(
      async () => {
        const answer = await outcome(kontor(['cluster', 'status']));
        return answer.code === 0 && answer.text;
      },
      { timeoutMs: readyTimeoutMs, describe: 'a status in which everything is ready' },
    );
    for (const name of ['publisher', 'aggregator-3', 'liveview-2', 'flights-web-2', 'desk-2', 'courier-2', 'relay', 'auditor', 'nginx'])
      assert.match(text, new RegExp(`^${name} .* up `, 'm'));
    const answer = await fetch(`${url}/api/stocks/companies`);
    assert.equal(answer.status, 200);
    // The first line comes before anything is fetched or started.
    assert.match(
      printed,
      /^Opening the house as processes on this machine, data in \S+: .*3 aggregator, publisher, .*; NGINX at port \d+\.\n/,
    );
  });

  it('restarts killed processes, and the laws hold', async () => {
    const before = readStatus(dataDir)?.parts ?? [];
    for (const { name, processId } of before) {
      process.kill(processId as number, 'SIGKILL');
      await until(() => part(name)?.restarts === 1, { timeoutMs: readyTimeoutMs, describe: `${name} to be started again` });
    }
    await allReady();
    for (const { name, processId } of before) assert.notEqual(part(name)?.processId, processId);
    const audit = await outcome(kontor(['cluster', 'audit'], { STOCK: 'MSFT,TSLA' }));
    assert.equal(audit.code, 0, audit.text);
  });

  it('is refused a second time on the same folder', async () => {
    await allReady();
    const { code } = await outcome(kontor(['cluster', 'up']));
    assert.equal(code, 1);
  });

  it('stops in order, and leaves no process behind', async () => {
    const { parts } = await allReady();
    const ended = once(keeper, 'exit');
    const { code } = await outcome(kontor(['cluster', 'down']));
    assert.equal(code, 0);
    assert.deepEqual(await ended, [0, null]);
    // The system may take a moment to remove a process that has ended.
    for (const { name, processId } of parts) await until(() => hasGone(processId as number), { describe: `the end of ${name}` });
    assert.equal((await outcome(kontor(['cluster', 'status']))).code, 1);
  });
});

function hasGone(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

describe('the plan of a cluster', () => {
  it('places every role that is part of `all`', () => {
    const members = planMembers(placementOf(modules), { aggregator: 2, liveview: 2 });
    assert.deepEqual(
      members.map(({ name, role }) => [name, role]),
      [
        ['relay', 'relay'],
        ['auditor', 'auditor'],
        ['aggregator-1', 'stocks-aggregator'],
        ['aggregator-2', 'stocks-aggregator'],
        ['publisher', 'stocks-publisher'],
        ['flights-web', 'flights-web'],
        ['recorder', 'flights-recorder'],
        ['pricer', 'flights-pricer'],
        ['scheduler', 'errands-scheduler'],
        ['fetcher', 'errands-fetcher'],
        ['desk', 'errands-desk'],
        ['courier', 'errands-delivery'],
        ['liveview-1', 'front'],
        ['liveview-2', 'front'],
      ],
    );
  });

  it('restarts a part that keeps dying after growing pauses, and names it', async () => {
    const notes: string[] = [];
    let starts = 0;
    const dying: Part = {
      name: 'unlucky',
      kind: 'process',
      stage: 1,
      address: '',
      log: 'unlucky.log',
      processId: () => undefined,
      async start() {
        starts += 1;
        throw new Error('no luck');
      },
      async stop() {},
      async kill() {},
      checkHealth: async () => ({ ready: true, says: '' }),
    };
    const supervised = new Supervised(
      dying,
      (line) => notes.push(line),
      () => {},
    );
    const isFailing = async () => {
      await supervised.tend();
      return supervised.keepsDying;
    };
    await until(isFailing, { describe: 'the part to be reported as failing' });
    assert.equal(starts, 5);
    assert.deepEqual(
      notes.map((note) => /restarts in ([\d.]+) s/.exec(note)?.[1]),
      ['0.2', '0.4', '0.8', '1.6', '3.2'],
    );
    assert.match(notes.at(-1) ?? '', /^unlucky died \(5 times within 10 s of its start\)/);
    assert.equal(supervised.row().state, 'keeps dying');
    assert.match(supervised.row().says, /^no luck; see unlucky\.log$/);
  });
});
