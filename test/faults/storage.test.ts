/** Broken storage and a port in use: a clear error or a clean recovery, and no loss. */
import assert from 'node:assert/strict';
import { closeSync, copyFileSync, existsSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { type Environment, readBooks, runAndKill, runToItsEnd, spawnHouse, sumPositions } from './books.ts';
import { readableFolder, smallDisk } from './disks.ts';

const tape = ['run', 'stocks-publisher', 'stocks-aggregator'];
const limitMs = 60_000;

function bulk(dataDir: string): Environment {
  return { DATA_DIR: dataDir, STOCK: 'MSFT,TSLA,BRK.A', TICKER_INTERVAL: '0', STOCKS_HISTORY_MINUTES: '0' };
}

describe('a damaged write-ahead log', () => {
  for (const file of ['kontor.db-wal', 'stream.db-wal']) {
    for (const [damage, harm] of [
      ['cut off in the middle', (path: string) => truncateSync(path, Math.floor(statSync(path).size * 0.6))],
      ['overwritten in the middle', overwriteMiddle],
    ] as const) {
      it(`${file} ${damage}: the house continues, or asks for a backup of the file; then it counts the tape, and every law holds`, async (t) => {
        const folder = temporaryFolder(t);
        const environment = bulk(folder);
        await runAndKill(tape, environment, { afterMs: 600, since: 'open' });
        const counted = sumPositions((await peek(environment)).cursors);
        const backup = keepFile(t, folder, file.replace('-wal', ''));
        await runAndKill(tape, environment, { afterMs: 600, since: 'open' });
        harm(join(folder, file));
        // A log that loses pages already moved into the file leaves a file between two versions, which cannot be repaired.
        if ((await untilCountedPast(t, environment, counted)) === 'damaged') {
          t.diagnostic('the damage was past mending: the file is restored');
          backup.restore();
          assert.equal(await untilCountedPast(t, environment, counted), 'counted');
        }
        const { violations } = await readBooks(environment, 'all');
        assert.deepEqual(violations, []);
      });
    }
  }
});

describe('a full disk', () => {
  it('the house waits, reports it, continues when there is room again, and every law holds', async (t) => {
    const disk = smallDisk(t, '40m');
    if (!disk) return t.skip('needs the right to mount a small file system');
    const { folder } = disk;
    const environment = bulk(folder);
    const house = spawnHouse(['up'], environment);
    t.after(() => house.child.kill('SIGKILL'));
    await until(() => house.output().includes('is full'), {
      timeoutMs: limitMs,
      describe: () => `a report of the full disk: ${house.output()}`,
    });
    assert.equal(house.child.exitCode, null, 'a full disk does not end the house');
    const stuckAt = sumPositions((await peek(environment)).cursors);
    disk.remount('size=600m');
    await until(async () => sumPositions((await peek(environment)).cursors) > stuckAt + 1_000_000, {
      timeoutMs: limitMs,
      describe: 'counting to continue',
    });
    house.child.kill('SIGTERM');
    await house.ended;
    assert.equal(house.child.exitCode, 0);
    assert.deepEqual((await readBooks(environment, 'all')).violations, []);
  });
});

describe('a data folder that cannot be used', () => {
  it('cannot be written: names it, says what to do, and exits 1', async (t) => {
    const readable = readableFolder(t);
    if (!readable) return t.skip('needs the right to mount a file system');
    const { folder } = readable;
    readable.setWritable(false);
    const { code, output } = await runToItsEnd(['up'], { DATA_DIR: folder }, limitMs);
    assert.equal(code, 1, output);
    assert.match(output, /cannot be written|read-only/);
    assert.ok(output.includes(folder) && output.includes('DATA_DIR'), output);
    assert.doesNotMatch(output, /\n {4}at /, 'no stack');
  });

  it('holds a file that is not a database: reports it as damaged, does not change it, and exits 1', async (t) => {
    const environment = bulk(temporaryFolder(t));
    // Stopped gracefully: otherwise SQLite restores the file from the pages in the write-ahead log.
    const house = spawnHouse(tape, environment);
    await Promise.race([house.opened, house.ended]);
    house.child.kill('SIGTERM');
    await house.ended;
    const path = join(environment.DATA_DIR ?? '', 'kontor.db');
    overwriteFrom(path, 0, 100);
    const before = readFileSync(path);
    const { code, output } = await runToItsEnd(['up'], environment, limitMs);
    assert.equal(code, 1, output);
    assert.match(output, /damaged.*restore it from a backup/);
    assert.deepEqual(readFileSync(path), before);
  });
});

it('a port in use: names it, says what to do, and exits 1', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const { code, output } = await runToItsEnd(['up'], { DATA_DIR: temporaryFolder(t), PORT: String(address.port) }, limitMs);
  assert.equal(code, 1, output);
  assert.ok(output.includes(String(address.port)) && output.includes('PORT='), output);
});

/** The stored data, without an audit. */
function peek(environment: Environment) {
  return readBooks(environment, 'recent');
}

/** Runs the house until it has counted more than `trades`, or reports a damaged file and what to do. */
async function untilCountedPast(t: TestContext, environment: Environment, trades: number): Promise<'counted' | 'damaged'> {
  const house = spawnHouse(tape, environment);
  t.after(() => house.child.kill('SIGKILL'));
  await Promise.race([house.opened, house.ended]);
  let atOpening: number | undefined;
  const outcome = await until(
    async () => {
      if (/\.db is damaged .*restore it from a backup/.test(house.output())) return 'damaged';
      assert.equal(house.child.exitCode, null, house.output());
      const books = await peek(environment).catch((error: unknown) => {
        if (error instanceof KontorError && error.code === 'storage_damaged') return undefined;
        throw error;
      });
      if (!books) return false;
      const { cursors, published } = books;
      atOpening ??= sumPositions(cursors);
      const mended = cursors.every((cursor) => (published.get(cursor.company) ?? 0) >= cursor.position);
      return mended && sumPositions(cursors) > Math.max(trades, atOpening) + 500_000 && 'counted';
    },
    { timeoutMs: limitMs, describe: () => `counting past ${trades}: ${house.output()}` },
  );
  house.child.kill('SIGTERM');
  await house.ended;
  if (outcome === 'counted') assert.equal(house.child.exitCode, 0, house.output());
  return outcome;
}

/** A copy of a closed database file and its log, if it exists. */
function keepFile(t: TestContext, folder: string, name: string): { restore(): void } {
  const kept = temporaryFolder(t);
  const parts = [name, `${name}-wal`].filter((part) => existsSync(join(folder, part)));
  for (const part of parts) copyFileSync(join(folder, part), join(kept, part));
  return {
    restore() {
      for (const part of [`${name}-wal`, `${name}-shm`]) rmSync(join(folder, part), { force: true });
      for (const part of parts) copyFileSync(join(kept, part), join(folder, part));
    },
  };
}

function overwriteMiddle(path: string): void {
  overwriteFrom(path, Math.floor(statSync(path).size * 0.6), 8_192);
}

function overwriteFrom(path: string, start: number, length: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(length, 0xa5), 0, length, start);
  closeSync(file);
}
