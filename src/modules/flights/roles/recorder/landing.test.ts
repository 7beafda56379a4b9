/** Accesses land exactly once with the same bytes, whatever fails on the way and wherever. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { Frame } from '#core/ports/stream.ts';
import type { Cleanup } from '#testkit/temporary-folder.ts';
import type { Warehouse } from '../../ports/warehouse.ts';
import { accessFrame, accessWorld, lakeContent } from '../../testing/access-world.ts';
import { faultyPorts, untilDone } from '../../testing/faulty-ports.ts';
import { type LandingPorts, land } from './landing.ts';

const hour = 3_600_000;
const start = Date.UTC(2028, 1, 28, 23, 59, 59, 500);
const flight = 'KO1-20280301';

/** Ten frames of 100 accesses that cross midnight before a leap day; the clock is set back by two hours in the middle. */
const frames: readonly Frame[] = Array.from({ length: 10 }, (_, frame) =>
  accessFrame(
    frame * 100 + 1,
    Array.from({ length: 100 }, (_, index) => ({
      at: start + frame * 200 + index - (frame >= 5 && frame < 7 ? 2 * hour : 0),
      flight,
      visitor: frame * 100 + index,
    })),
  ),
);
const deliveries = [frames.slice(0, 4), frames.slice(2, 6), frames.slice(6)];

async function landAll(ports: LandingPorts): Promise<void> {
  for (const delivery of deliveries) await untilDone(async () => assert.equal(await land(ports, '0', delivery), 'done'));
}

async function known(t: Cleanup, failing = 0, warehouse?: Warehouse) {
  const world = await accessWorld(t, { warehouse });
  const ports = faultyPorts(world, failing);
  await landAll(ports);
  const files = await world.state.read((queries) =>
    sql<{ path: string; rows: number; sha256: string }>`select path, rows, sha256 from flights_file order by path`.execute(queries),
  );
  const landed = await world.state.read((queries) => sql`select * from flights_landed`.execute(queries));
  return { world, calls: ports.calls(), files: files.rows, landed: landed.rows, content: await lakeContent(world.lake, world.folder) };
}

test('a file for each hour, with dense numbers in the names', async (t) => {
  const { files, landed, world, content } = await known(t);
  assert.deepEqual(
    files.map(({ path, rows }) => [path, rows]),
    [
      ['access/dt=2028-02-28/hr=22/p0-401-600.parquet', 100],
      ['access/dt=2028-02-28/hr=22/p0-601-1000.parquet', 100],
      ['access/dt=2028-02-28/hr=23/p0-1-400.parquet', 300],
      ['access/dt=2028-02-29/hr=00/p0-1-400.parquet', 100],
      ['access/dt=2028-02-29/hr=00/p0-401-600.parquet', 100],
      ['access/dt=2028-02-29/hr=00/p0-601-1000.parquet', 300],
    ],
  );
  assert.deepEqual(landed, [{ partition: '0', position: 1_000, rows: 1_000, expired: 0, plan: null }]);
  const paths = await Promise.all(files.map(async ({ path }) => (await world.lake.local(path))?.file ?? ''));
  const rows = await world.warehouse.rows({
    sql: 'select count(distinct seq) as seqs, count(distinct visitor) as visitors, min(seq) as low, max(seq) as high, sum(case when seq = visitor + 1 then 1 else 0 end) as right from t',
    tables: { t: { files: paths } },
  });
  assert.deepEqual(
    ['seqs', 'visitors', 'low', 'high', 'right'].map((name) => rows.numbers(name)[0]),
    [1_000, 1_000, 1, 1_000, 1_000],
  );
  assert.equal(content.size, files.length);
});

test('after a failure at any step the lake has the same files with the same bytes, and nothing twice', async (t) => {
  const clean = await known(t);
  assert.equal(clean.calls, 18);
  for (let failing = 1; failing <= clean.calls; failing += 1) {
    const broken = await known(t, failing, clean.world.warehouse);
    assert.deepEqual(broken.files, clean.files, `failed after step ${failing}`);
    assert.deepEqual(broken.landed, clean.landed);
    assert.deepEqual(broken.content, clean.content);
  }
});

test('a plan that reaches further than what is delivered again makes room, and leaves no file behind', async (t) => {
  const world = await accessWorld(t);
  await assert.rejects(land(faultyPorts(world, 4), '0', frames.slice(0, 6)));
  assert.ok((await world.lake.list('', { limit: 10 })).length > 0);
  assert.equal(await land(world, '0', frames.slice(0, 4)), 'done');
  const paths = (await world.lake.list('', { limit: 10 })).map(({ path }) => path);
  assert.deepEqual(paths, ['access/dt=2028-02-28/hr=23/p0-1-400.parquet', 'access/dt=2028-02-29/hr=00/p0-1-400.parquet']);
});

test('what came too early is asked for again from where it is missing', async (t) => {
  assert.deepEqual(await land(await accessWorld(t), '0', frames.slice(3)), { rereadFrom: 1 });
});
