/**
 * Peers of the queue of errands, each in a process of its own on PostgreSQL: graphile-worker and pg-boss as fast as they get, which
 * keep a queue and nothing else, and sixty lines that claim fifty runs at a time, store a result and two rows of a ledger.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import pg from 'pg';
import { npmPeers } from './peer-packages.ts';

export type QueuePeer = keyof typeof peers;

export interface QueueWork {
  readonly peer: QueuePeer;
  readonly url: string;
  readonly jobs: number;
}

const connections = 8;
const claimed = 50;
const batch = 500;

const peers = { 'graphile-worker': graphileWorker, 'pg-boss': pgBoss, baseline } as const;

/** What is used of packages that the project does not install. */
interface Graphile {
  makeWorkerUtils(options: object): Promise<{
    migrate(): Promise<void>;
    addJobs(jobs: readonly { identifier: string; payload: object }[]): Promise<unknown>;
    release(): Promise<void>;
  }>;
  run(options: object): Promise<{ stop(): Promise<void> }>;
  readonly Logger: new (factory: () => () => void) => object;
}

interface Boss {
  start(): Promise<unknown>;
  stop(options: object): Promise<void>;
  createQueue(name: string): Promise<void>;
  insert(name: string, jobs: readonly { data: object }[]): Promise<unknown>;
  fetch(name: string, options: { batchSize: number }): Promise<readonly { id: string }[]>;
  complete(name: string, ids: readonly string[]): Promise<unknown>;
}

function peerPackage(name: string): unknown {
  return createRequire(path.join(npmPeers(), 'package.json'))(name);
}

/** With its local queue and batched completion, as its makers advise for speed. */
async function graphileWorker(url: string, jobs: number): Promise<number> {
  const { makeWorkerUtils, run, Logger } = peerPackage('graphile-worker') as Graphile;
  const logger = new Logger(() => () => {});
  const utils = await makeWorkerUtils({ connectionString: url, logger });
  await utils.migrate();
  for (let from = 0; from < jobs; from += 1_000) {
    await utils.addJobs(
      Array.from({ length: Math.min(1_000, jobs - from) }, (_, index) => ({ identifier: 'fetch', payload: { run: from + index } })),
    );
  }
  await utils.release();
  const finished = Promise.withResolvers<void>();
  let done = 0;
  const startedMs = performance.now();
  const worker = {
    connectionString: url,
    concurrentJobs: 24,
    maxPoolSize: 25,
    localQueue: { size: batch },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  };
  const fetch = async () => {
    done += 1;
    if (done === jobs) finished.resolve();
  };
  const runner = await run({ taskList: { fetch }, noHandleSignals: true, logger, preset: { worker } });
  await finished.promise;
  // Completion is batched: stopping waits for it.
  await runner.stop();
  return jobs / ((performance.now() - startedMs) / 1_000);
}

async function pgBoss(url: string, jobs: number): Promise<number> {
  const { PgBoss } = peerPackage('pg-boss') as { PgBoss: new (options: object) => Boss };
  const boss = new PgBoss({ connectionString: url, max: connections, supervise: false, schedule: false });
  await boss.start();
  await boss.createQueue('fetch');
  for (let from = 0; from < jobs; from += 1_000) {
    await boss.insert(
      'fetch',
      Array.from({ length: Math.min(1_000, jobs - from) }, (_, index) => ({ data: { run: from + index } })),
    );
  }
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (;;) {
        const found = await boss.fetch('fetch', { batchSize: batch });
        if (found.length === 0) return;
        await boss.complete(
          'fetch',
          found.map(({ id }) => id),
        );
      }
    }),
  );
  const perSecond = jobs / ((performance.now() - startedMs) / 1_000);
  await boss.stop({ graceful: false });
  return perSecond;
}

async function baseline(url: string, jobs: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  await pool.query(`
    create table base_run (id bigint primary key, visible_at bigint not null, lease text);
    create index base_run_by_visibility on base_run (visible_at);
    create table base_result (id bigint primary key, status int not null, body text not null);
    create table base_entry (id bigint generated always as identity primary key, run bigint not null, account bigint not null, amount int not null);
    insert into base_run select id, id, null from generate_series(1, ${jobs}) id`);
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (;;) {
        const { rows } = await pool.query(`with due as (
            select id from base_run where visible_at <= ${jobs} order by visible_at limit ${claimed} for update skip locked)
          update base_run set visible_at = visible_at + 30000000, lease = 'x' from due where base_run.id = due.id returning base_run.id`);
        if (rows.length === 0) return;
        const ids = rows.map(({ id }) => id);
        const client = await pool.connect();
        await client.query('begin');
        await client.query(`delete from base_run where id = any($1::bigint[]) and lease = 'x'`, [ids]);
        await client.query(`insert into base_result select id, 200, repeat('x', 200) from unnest($1::bigint[]) id`, [ids]);
        await client.query('insert into base_entry (run, account, amount) select id, 1, -1 from unnest($1::bigint[]) id', [ids]);
        await client.query('insert into base_entry (run, account, amount) select id, 2, 1 from unnest($1::bigint[]) id', [ids]);
        await client.query('commit');
        client.release();
      }
    }),
  );
  const perSecond = jobs / ((performance.now() - startedMs) / 1_000);
  await pool.end();
  return perSecond;
}

if (import.meta.main) {
  process.once('message', (work: QueueWork) => {
    void peers[work.peer](work.url, work.jobs).then((perSecond) => process.send?.(perSecond, () => process.exit(0)));
  });
}
