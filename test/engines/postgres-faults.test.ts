/** PostgreSQL killed, replaced by its replica, and cut off: acknowledged writes are stored, others are reported as failed. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { faultProxy } from '#cluster/fault-proxy.ts';
import { KontorError } from '#core/errors.ts';
import type { Queries, State } from '#core/ports/state.ts';
import type { Stream } from '#core/ports/stream.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { openPostgresStream } from '#engines/stream/postgres.ts';
import { manualClock } from '#testkit/clock.ts';
import { addAccount, balances, exampleMigrations, exampleTables } from '#testkit/example-schema.ts';
import { numberedFrame, tally } from '#testkit/frames.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { onlyRetryable } from '#testkit/only-retryable.ts';
import { until } from '#testkit/until.ts';
import { multiHostUrl, type PostgresServer, startPostgres, startPostgresReplica } from '../../tools/engines/postgres.ts';
import { placeOf } from '../../tools/engines.ts';
import { engineFor } from './require-engine.ts';

const { skip } = await engineFor('postgres');
const clock = manualClock({ flowing: true });
const recoveryTimeoutMs = 120_000;

describe('PostgreSQL under faults', { skip }, () => {
  it('killed and restarted five times under load: every acknowledged write is stored, and none twice', async (t) => {
    const server = await ownServer(t, 'kill');
    const state = await openState(t, server.url);
    const writers = writeRows(state);
    for (let round = 0; round < 5; round += 1) {
      await until(writers.acknowledgedMore(50), { timeoutMs: recoveryTimeoutMs, describe: 'writes before the kill' });
      const killedAt = performance.now();
      await server.kill();
      await server.start();
      await until(writers.acknowledgedMore(1), { timeoutMs: recoveryTimeoutMs, describe: 'a write after the kill' });
      t.diagnostic(`writing again ${Math.round(performance.now() - killedAt)} ms after kill -9`);
    }
    await checkRows(state, await writers.stop(), t);
  });

  it('the primary killed and its synchronous replica promoted: the same State continues with every acknowledged write', async (t) => {
    const primary = await ownServer(t, 'primary');
    const replicaPlace = placeOf('test-replica');
    rmSync(replicaPlace.folder, { recursive: true, force: true });
    const replica = await startPostgresReplica(replicaPlace, primary, { synchronous: true });
    release(t, replica);
    const state = await openState(t, multiHostUrl([primary, replica]));
    const writers = writeRows(state);
    await until(writers.acknowledgedMore(200), { timeoutMs: recoveryTimeoutMs, describe: 'writes before the failover' });
    const killedAt = performance.now();
    await primary.kill();
    await replica.promote();
    await until(writers.acknowledgedMore(50), { timeoutMs: recoveryTimeoutMs, describe: 'writes after the failover' });
    t.diagnostic(`writing again ${Math.round(performance.now() - killedAt)} ms after the primary was killed`);
    await checkRows(state, await writers.stop(), t);
  });

  it('a half-open connection: a write ends in time with a retryable error, and later writes succeed', async (t) => {
    const server = await ownServer(t, 'cut');
    const proxy = await faultProxy({ targetPort: server.port });
    t.after(() => proxy.stop());
    const state = await openState(t, server.url.replace(`:${server.port}/`, `:${proxy.port}/`), {
      writeTimeoutMs: 5_000,
      patienceMs: 5_000,
    });
    await state.write((queries) => addAccount(queries, 'before', 1));
    proxy.blackHole();
    const failed = state.write((queries) => addAccount(queries, 'meanwhile', 1));
    await assert.rejects(failed, (error) => error instanceof KontorError && error.retryable);
    proxy.resume();
    await until(
      () =>
        state
          .write((queries) => addAccount(queries, 'after', 1))
          .then(
            () => true,
            () => false,
          ),
      { describe: 'a write after the cut' },
    );
    const stored = await state.read(balances);
    assert.ok('before' in stored && 'after' in stored);
  });

  it('two writes that deadlock both succeed: the deadlock is retried, not reported', async (t) => {
    const server = await ownServer(t, 'deadlock');
    const state = await openState(t, server.url);
    await state.write(async (queries) => {
      for (const id of ['a', 'b']) await addAccount(queries, id, 0);
    });
    let runs = 0;
    const bothHoldOne = Promise.withResolvers<void>();
    const addToBoth = (first: string, second: string) =>
      state.write(async (queries) => {
        await addOne(queries, first);
        runs += 1;
        if (runs === 2) bothHoldOne.resolve();
        await bothHoldOne.promise;
        await addOne(queries, second);
      });
    await Promise.all([addToBoth('a', 'b'), addToBoth('b', 'a')]);
    assert.deepEqual(await state.read(balances), { a: 2, b: 2 });
    assert.equal(runs, 3, 'the deadlock victim ran again');
  });

  it('killed and restarted while frames are published and consumed: each record is counted once', async (t) => {
    const server = await ownServer(t, 'stream');
    const stream = await openStream(t, server.url);
    await stream.declare({ name: 'tape', keepMs: 0, keepBytes: 0, maxBacklogBytes: 10_000_000 });
    const partitions = ['A', 'B', 'C'];
    const counts = new Map(partitions.map((partition) => [partition, tally()]));
    await stream.consume('tape', 'readers', async (delivery) => counts.get(delivery.partition)?.apply(delivery) ?? 'reread');
    const counted = () => [...counts.values()].reduce((sum, count) => sum + count.position, 0);

    let publishing = true;
    const publishers = partitions.map(async (partition) => {
      let end = 0;
      while (publishing && !t.signal.aborted) {
        // The outcome may be unknown: published again, it is a duplicate or new, and counts once either way.
        const outcome = await stream.publish('tape', partition, numberedFrame(end + 1, 10)).catch(onlyRetryable);
        assert.notEqual(outcome, 'gap');
        if (outcome !== undefined) end += 10;
      }
      return end;
    });
    for (let round = 0; round < 3; round += 1) {
      const before = counted();
      await until(() => counted() > before + 500, { timeoutMs: recoveryTimeoutMs, describe: 'records before the kill' });
      const killedAt = performance.now();
      await server.kill();
      await server.start();
      const after = counted();
      await until(() => counted() > after, { timeoutMs: recoveryTimeoutMs, describe: 'records after the kill' });
      t.diagnostic(`counting again ${Math.round(performance.now() - killedAt)} ms after kill -9`);
    }
    publishing = false;
    const published = (await Promise.all(publishers)).reduce((sum, end) => sum + end, 0);
    await until(() => counted() === published, {
      timeoutMs: recoveryTimeoutMs,
      describe: () => `${published} records; ${counted()} were counted`,
    });
  });
});

async function ownServer(t: TestContext, name: string): Promise<PostgresServer> {
  const place = placeOf(`test-${name}`);
  rmSync(place.folder, { recursive: true, force: true });
  const server = await startPostgres(place);
  release(t, server);
  return server;
}

function release(t: TestContext, server: PostgresServer): void {
  t.after(async () => {
    await server.kill();
    rmSync(server.folder, { recursive: true, force: true });
  });
}

async function openState(t: TestContext, url: string, limits: { writeTimeoutMs?: number; patienceMs?: number } = {}): Promise<State> {
  const state = await openPostgresState({ url, clock, log: silentLog(), ...limits });
  t.after(() => state.close());
  await state.migrate(exampleMigrations);
  return state;
}

async function openStream(t: TestContext, url: string): Promise<Stream> {
  const stream = await openPostgresStream({ url, clock, holder: processHolder('test'), log: silentLog(), maxRetryMs: 200 });
  t.after(() => stream.close());
  return stream;
}

async function addOne(queries: Queries, id: string): Promise<void> {
  await exampleTables(queries)
    .updateTable('example_account')
    .set((update) => ({ balance_cents: update('balance_cents', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

interface Rows {
  readonly acknowledged: ReadonlySet<string>;
  /** Writes with an unknown outcome. */
  readonly unknown: ReadonlySet<string>;
}

/** Writes rows with unique names, several at a time, until stopped. */
function writeRows(state: State): { acknowledgedMore(count: number): () => boolean; stop(): Promise<Rows> } {
  const acknowledged = new Set<string>();
  const unknown = new Set<string>();
  let writing = true;
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let row = 1; writing; row += 1) {
      const id = `row-${writer}-${row}`;
      await state
        .write((queries) => addAccount(queries, id, 1))
        .then(
          () => acknowledged.add(id),
          (error) => {
            onlyRetryable(error);
            unknown.add(id);
          },
        );
    }
  });
  return {
    acknowledgedMore(count) {
      const target = acknowledged.size + count;
      return () => acknowledged.size >= target;
    },
    async stop() {
      writing = false;
      await Promise.all(writers);
      return { acknowledged, unknown };
    },
  };
}

async function checkRows(state: State, { acknowledged, unknown }: Rows, t: TestContext): Promise<void> {
  const stored = new Set(Object.keys(await state.read(balances)));
  for (const id of acknowledged) assert.ok(stored.has(id), `${id} was acknowledged and is lost`);
  for (const id of stored) assert.ok(acknowledged.has(id) || unknown.has(id), `${id} was refused and is stored`);
  t.diagnostic(
    `${acknowledged.size} acknowledged, all stored; ${unknown.size} unknown, of which ${[...unknown].filter((id) => stored.has(id)).length} are stored`,
  );
}
