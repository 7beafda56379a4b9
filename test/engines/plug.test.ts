/** Pulling the plug of a cluster over HTTP: real processes and a real PostgreSQL are killed, come back, and the books balance. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort } from '#cluster/free-port.ts';
import { readStatus } from '#cluster/status-file.ts';
import type { House, Overview, Pull, PullChoices } from '#modules/overview/api/schemas.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { projectFolder } from '../../tools/engines/place.ts';
import { downEngines } from '../../tools/engines.ts';
import { takeCluster } from './engine-use.ts';
import { withClient } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

takeCluster();
const nginx = await engineFor('nginx');
const postgres = await engineFor('postgres', 'alone');
const skip = nginx.skip || postgres.skip;
const timeoutMs = 180_000;

describe('pulling the plug of a cluster', { skip, timeout: 600_000 }, () => {
  let keeper: ChildProcess;
  let printed = '';

  before(async () => {
    // Books that clusters of other tests left count files of lakes that are gone.
    await withClient(postgres.url, (client) => client.query('drop schema public cascade; create schema public'));
    // The cluster pulls only what it started itself.
    await downEngines(['postgres']);
    const port = await freePort();
    const args = ['cluster', 'up', '--engines', 'postgres', '--aggregators', '2', '--flights-webs', '1', '--desks', '1', '--couriers', '1'];
    keeper = spawn(process.execPath, [path.join(projectFolder, 'bin/kontor.js'), ...args, '--schedulers', '1', '--port', String(port)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        PATH: process.env.PATH,
        DATA_DIR: dataDir,
        DEMO: 'on',
        RATE_LIMIT_PER_MINUTE: '0',
        STOCK: 'MSFT',
        TICKER_INTERVAL: '100',
        STOCKS_HISTORY_MINUTES: '0',
        SHOP_DEMO_GOODS: 'off',
        FLIGHTS_DEMO_TIMETABLE: 'off',
        AUDIT_INTERVAL_MS: '1000',
        // The books outlive the data folder.
        SECRETS_KEY: 'of-books-that-only-these-tests-know',
      },
    });
    keeper.stderr?.on('data', (chunk) => {
      printed += chunk;
    });
    await until(() => readStatus(dataDir)?.parts.every(({ ready }) => ready), {
      timeoutMs,
      describe: () => `a cluster that is ready; ${JSON.stringify(readStatus(dataDir))}\n${printed}`,
    });
  });
  after(async () => {
    if (keeper?.exitCode === null) await Promise.all([once(keeper, 'exit'), keeper.kill('SIGTERM')]);
  });
  // Registered after the stop of the cluster: hooks run in order.
  const dataDir = temporaryFolder({ after });

  /** Without NGINX between, as a visitor at this machine. */
  async function ask<Answer>(process: string, path: string, body?: object): Promise<Answer> {
    const address = readStatus(dataDir)?.parts.find(({ name }) => name === process)?.address;
    const sent = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await fetch(`${address}/api/overview${path}`, sent);
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Answer;
  }

  async function pulled(kind: string, target: string, by: string, seenBy = by): Promise<Pull> {
    const { id } = await ask<Pull>(by, '/pulls', { kind, target });
    return ended(id, seenBy);
  }

  async function ended(id: string, seenBy: string): Promise<Pull> {
    let last: unknown;
    return until(
      async () => {
        // While PostgreSQL is away, nobody can answer.
        last = await ask<{ readonly pull: Pull }>(seenBy, `/pulls/${id}`).catch((error: unknown) => error);
        return (
          typeof last === 'object' && last !== null && 'pull' in last && (last.pull as Pull).state !== 'running' && (last.pull as Pull)
        );
      },
      { timeoutMs, describe: () => `the end of the pull; last ${JSON.stringify(last)}\n${printed}` },
    );
  }

  function assertRecovered(pull: Pull): void {
    assert.equal(pull.state, 'done', JSON.stringify(pull));
    assert.deepEqual([pull.verdict?.holds, pull.verdict?.says], [true, '0 lost, 0 doubled'], JSON.stringify(pull));
    assert.ok(pull.noticedMs !== null && pull.recoveredMs !== null && pull.auditedMs !== null, JSON.stringify(pull));
  }

  it('shows every process by its name, and what can be pulled', async () => {
    const seen = await until(
      async () => {
        const house = await ask<House>('liveview-1', '/house');
        return house.processes.length >= 12 && house;
      },
      { timeoutMs, describe: 'every process to tell of itself' },
    );
    const names = seen.processes.map(({ name }) => name);
    for (const name of ['relay', 'auditor', 'aggregator-2', 'publisher', 'liveview-2']) assert.ok(names.includes(name), name);
    assert.deepEqual(seen.parts.flatMap(({ name, kind }) => (kind === 'process' ? [] : [`${kind} ${name}`])).sort(), [
      'engine postgres',
      'proxy nginx',
    ]);
    const { choices } = await ask<PullChoices>('liveview-1', '/pulls/choices');
    const offered = choices.map(({ kind, target }) => `${kind} ${target}`);
    for (const choice of [
      'kill-process relay',
      'stop-process aggregator-1',
      'cut-process desk-1',
      'kill-process nginx',
      'kill-engine postgres',
    ])
      assert.ok(offered.includes(choice), choice);
    assert.deepEqual(choices.find(({ target }) => target === 'relay')?.roles, ['relay']);
  });

  it('kills the relay, whose next run takes its lease over', async () => {
    const { processes } = await ask<House>('liveview-1', '/house');
    const active = processes.find(({ name }) => name === 'relay')?.pid;
    const pull = await pulled('kill-process', 'relay', 'liveview-1');
    assertRecovered(pull);
    assert.ok(pull.leases > 0 && pull.takenOverMs !== null, JSON.stringify(pull));
    const after = await ask<House>('liveview-1', '/house');
    assert.notEqual(after.processes.find(({ name }) => name === 'relay')?.pid, active);
    // Told by the process that notices it first, each at its own time.
    const isTold = async () =>
      (await ask<House>('liveview-1', '/house')).events.some(({ kind, subject }) => kind === 'died' && subject === 'relay');
    await until(isTold, { describe: 'an event that says that the relay died' });
  });

  it('kills the process that was asked: another one follows the pull to its end', async () => {
    assertRecovered(await pulled('kill-process', 'liveview-1', 'liveview-1', 'liveview-2'));
  });

  it('fills the disk of the relay: it loses its lease, and the same process goes on when there is room again', async () => {
    const pidOf = async () => (await ask<House>('liveview-1', '/house')).processes.find(({ name }) => name === 'relay')?.pid;
    const before = await pidOf();
    const pull = await pulled('fill-process-disk', 'relay', 'liveview-1');
    assertRecovered(pull);
    assert.ok(pull.leases > 0 && pull.takenOverMs !== null && (pull.recoveredMs ?? 0) >= 8_000, JSON.stringify(pull));
    assert.equal(await pidOf(), before);
  });

  it('sets the clock of the process that was asked, which is right again afterwards', async () => {
    const { id } = await ask<Pull>('liveview-1', '/pulls', { kind: 'set-process-clock', target: 'liveview-1' });
    const aheadMs = async () => (await ask<Overview>('liveview-1', '')).at - (await ask<Overview>('liveview-2', '')).at;
    await until(async () => (await aheadMs()) > 20_000, { timeoutMs, describe: 'a clock that is wrong' });
    assertRecovered(await ended(id, 'liveview-1'));
    assert.ok(Math.abs(await aheadMs()) < 20_000);
  });

  it('kills PostgreSQL: the process of the cluster keeps the times until they can be stored', async () => {
    const pull = await pulled('kill-engine', 'postgres', 'liveview-2');
    assertRecovered(pull);
    const { events } = await ask<House>('liveview-2', '/house');
    assert.ok(events.some(({ kind, subject }) => kind === 'died' && subject === 'postgres'));
  });
});
