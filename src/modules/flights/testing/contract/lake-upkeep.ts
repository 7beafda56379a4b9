/** Small files of the lake are merged, hours have manifests, and whatever fails on the way, nothing is lost, doubled or left behind. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import { openFolderLake } from '#engines/lake/folder.ts';
import { processHolder } from '#testkit/holder.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { compact } from '../../roles/recorder/compaction.ts';
import { type LandingPorts, land } from '../../roles/recorder/landing.ts';
import { keepLake } from '../../roles/recorder/upkeep.ts';
import { verifyLake } from '../../roles/recorder/verify.ts';
import { accessFrame, accessWorld, lakeContent } from '../access-world.ts';
import { faultyPorts, untilDone } from '../faulty-ports.ts';
import type { PricingContract } from '../pricer-world.ts';

const hour = 3_600_000;
const start = Date.UTC(2028, 1, 28, 22);
const settings = { flightsLakeCompactHours: 1, flightsLakeCompactMib: 1, flightsLakeKeepDays: 30 };
const tables = ['flights_file', 'flights_landed', 'flights_merge', 'flights_manifest', 'flights_expiry'];

/** Frame number `frame` of a partition: 50 accesses of the hours 22 and 23, or of the first alone. */
const frameOf = (frame: number, hours = 2) =>
  accessFrame(
    frame * 50 + 1,
    Array.from({ length: 50 }, (_, index) => ({
      at: start + (index % hours) * hour + frame,
      flight: 'KO1-20280301',
      visitor: frame * 50 + index,
    })),
  );

export function lakeUpkeepContract(name: string, contract: PricingContract): void {
  /** A State, and as many empty lakes as are asked for, one after another. */
  async function open(t: TestContext) {
    const { state, warehouse, clock } = await accessWorld(t, { state: await contract.open(t), warehouse: contract.warehouse });
    async function emptied() {
      for (const table of tables) await state.write((queries) => sql`delete from ${sql.table(table)}`.execute(queries));
      const folder = temporaryFolder(t);
      const lake = openFolderLake({ folder, clock, holder: processHolder('lake') });
      clock.setNow(start + 3 * hour + 1);
      const ports = { state, lake, warehouse, clock };
      return { ...ports, folder, content: () => lakeContent(lake, folder), sound: () => assertSound(ports) };
    }
    return emptied;
  }

  /** Files of four landings in partition 0, and of two in partition 1. */
  async function landSome(ports: LandingPorts): Promise<void> {
    for (const frame of [0, 1, 2, 3]) assert.equal(await land(ports, '0', [frameOf(frame)]), 'done');
    for (const frame of [0, 1]) assert.equal(await land(ports, '1', [frameOf(frame)]), 'done');
  }

  describe(`lake upkeep: ${name}`, () => {
    it('merges the small files of hours that ended, with the bytes of files that landed whole', async (t) => {
      const emptied = await open(t);
      const whole = await emptied();
      await land(
        whole,
        '0',
        [0, 1, 2, 3].map((frame) => frameOf(frame)),
      );
      await land(
        whole,
        '1',
        [0, 1].map((frame) => frameOf(frame)),
      );
      const landedWhole = await whole.content();

      const world = await emptied();
      await landSome(world);
      await keepLake(world, { ...settings, flightsLakeCompactHours: 3 });
      assert.equal((await fileRows(world)).length, 12, 'both hours ended less than three hours ago');
      await keepLake(world, settings);
      const merged = await world.content();
      for (const [path, bytes] of landedWhole) assert.equal(merged.get(path), bytes, path);
      assert.equal(merged.size, 12 + 4 + 2, 'the replaced files stay, for who still reads them');
      await world.sound();

      world.clock.setNow(start + 28 * hour);
      await keepLake(world, settings);
      const left = [...(await world.content()).keys()].filter((path) => path.endsWith('.parquet'));
      assert.deepEqual(left, [...landedWhole.keys()]);
      await world.sound();
    });

    it('an hour whose accesses come late is merged and listed again', async (t) => {
      const world = await (await open(t))();
      await landSome(world);
      await keepLake(world, settings);
      await land(world, '0', [frameOf(4)]);
      await keepLake(world, settings);
      assert.deepEqual(
        (await fileRows(world)).map(({ path, rows }) => [path.slice(27), Number(rows)]),
        [
          ['p0-1-250.parquet', 125],
          ['p1-1-100.parquet', 50],
          ['p0-1-250.parquet', 125],
          ['p1-1-100.parquet', 50],
        ],
      );
      const manifests = (await world.lake.list('access', { limit: 100 })).filter(({ path }) => path.endsWith('.json'));
      assert.deepEqual(
        manifests.map(({ path }) => path),
        ['access/dt=2028-02-28/hr=22/manifest-2.json', 'access/dt=2028-02-28/hr=23/manifest-2.json'],
      );
      const manifest = JSON.parse(Buffer.from((await world.lake.read(manifests[0]?.path ?? '')) ?? []).toString());
      assert.equal(manifest.hour, '2028-02-28T22');
      assert.deepEqual(
        manifest.files.map(({ rows }: { rows: number }) => rows),
        [125, 50],
      );
      await world.sound();
    });

    it('after a failure at any step the lake is sound, and becomes what it would have become', async (t) => {
      const emptied = await open(t);
      async function upkeep(failing: number) {
        const world = await emptied();
        const ports = faultyPorts(world, failing);
        const keep = () => untilDone(() => keepLake(ports, settings), world.sound);
        const landNext = (frame: number) => land(world, '0', [frameOf(frame, 1)]);
        for (const frame of [0, 1]) await landNext(frame);
        // Others come late: after the failure, or when all is done.
        await untilDone(
          () => keepLake(ports, settings),
          async () => {
            await world.sound();
            await landNext(2);
          },
        );
        await landNext(2);
        // What was replaced goes a day later.
        for (const hours of [28, 53]) {
          world.clock.setNow(start + hours * hour);
          await keep();
        }
        await world.sound();
        const content = [...(await world.content())].map(([path, bytes]) => [path.replace(/manifest-\d+/, 'manifest'), bytes]);
        world.clock.setNow(start + 40 * 24 * hour);
        await keep();
        await world.sound();
        assert.deepEqual([...(await world.content()).keys()], [], 'all of it expired');
        return { content, calls: ports.calls() };
      }
      const clean = await upkeep(0);
      t.diagnostic(`${clean.calls} steps`);
      assert.ok(clean.calls > 20);
      for (let failing = 1; failing <= clean.calls; failing += 1)
        assert.deepEqual((await upkeep(failing)).content, clean.content, `failed after step ${failing}`);
    });

    it('two that work at once do no harm', async (t) => {
      const world = await (await open(t))();
      await landSome(world);
      await Promise.allSettled([keepLake(world, settings), keepLake(world, settings), keepLake(world, settings)]);
      await keepLake(world, settings);
      await world.sound();
      assert.equal((await fileRows(world)).length, 4);
      assert.equal((await verifyLake(world)).manifests, 2);
    });

    it('a damaged file is not merged, and keeps no other hour from it', async (t) => {
      const world = await (await open(t))();
      await landSome(world);
      const [damaged = ''] = (await fileRows(world)).map(({ path }) => path);
      // The merged file of its hour is there already, and no longer wanted.
      await assert.rejects(keepLake(faultyPorts(world, 4), settings), /killed/);
      assert.equal((await world.lake.list('access', { limit: 100 })).filter(({ path }) => /p0-1-200/.test(path)).length, 1);
      await writeFile(join(world.folder, damaged), 'not Parquet');
      await assert.rejects(keepLake(world, settings), { code: 'storage_damaged', message: new RegExp(damaged) });
      const left = (await fileRows(world)).map(({ path }) => path);
      assert.ok(left.includes(damaged));
      assert.equal(left.filter((path) => path.includes('hr=23')).length, 2);
      assert.deepEqual((await verifyLake(world)).faults, [`${damaged} has another content than was landed`]);
    });

    it('a merge whose files expire meanwhile is given up', async (t) => {
      const world = await (await open(t))();
      await landSome(world);
      const ports = faultyPorts(world, 1);
      await assert.rejects(compact(ports, { before: Math.floor(world.clock.now() / hour), maxBytes: 1_000_000 }), /killed/);
      world.clock.setNow(start + 40 * 24 * hour);
      await keepLake(world, settings);
      await world.sound();
      assert.equal((await world.content()).size, 0);
    });

    it('a file that nobody knows, and a manifest that lists other files, are named', async (t) => {
      const world = await (await open(t))();
      await landSome(world);
      await keepLake(world, settings);
      await writeFile(join(world.folder, 'access/dt=2028-02-28/hr=22/p7-1-2.parquet'), '');
      await writeFile(join(world.folder, 'access/dt=2028-02-28/hr=23/manifest-1.json'), '{}');
      assert.deepEqual((await verifyLake(world)).faults, [
        'access/dt=2028-02-28/hr=22/p7-1-2.parquet is in the lake, and in no table',
        'access/dt=2028-02-28/hr=23/manifest-1.json has another content than was written',
      ]);
    });
  });
}

async function assertSound(ports: LandingPorts): Promise<void> {
  assert.deepEqual((await verifyLake(ports)).faults, []);
}

async function fileRows({ state }: LandingPorts) {
  const { rows } = await state.read((queries) =>
    sql<{ path: string; rows: number }>`select path, rows from flights_file where replaced_at is null order by path`.execute(queries),
  );
  return rows;
}
