/** The contract of the Lake port: each promise as a test. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it, type TestContext } from 'node:test';
import fastCheck from 'fast-check';
import { BrokenInvariant, KontorError } from '#core/errors.ts';
import { type Lake, type LakeFile, maxLakeFileBytes } from '#core/ports/lake.ts';
import { lakeFileOf } from '../lake-files.ts';
import { type Opener, startVictim } from '../victim.ts';

interface LakeWorld {
  readonly lake: Lake;
  /** Another process's view of the same lake. */
  readonly other: Lake;
  /** How a victim opens it. */
  readonly victim: Opener;
}

export interface LakeContract {
  /** A fresh, empty lake; everything it needs is released in `t.after`. */
  open(t: TestContext): Promise<LakeWorld>;
}

const text = (content: string) => Buffer.from(content);

export function lakeContract(name: string, { open }: LakeContract): void {
  describe(`Lake: ${name}`, () => {
    it('a created file is read with the same bytes, by another process, too', async (t) => {
      const { lake, other } = await open(t);
      const contents = {
        'empty.bin': Buffer.alloc(0),
        'a/b=1/bytes.bin': Buffer.from([0, 255, 10, 13]),
        'a/large.parquet': noise(3_000_000),
      };
      for (const [path, content] of Object.entries(contents)) {
        assert.equal(await lake.create(path, content), 'created');
        assert.deepEqual(Buffer.from((await other.read(path)) ?? []), content);
      }
    });

    it('a file is never changed: create resolves `exists` where the path is taken, whatever the content', async (t) => {
      const { lake, other } = await open(t);
      await lake.create('a/one.txt', text('first'));
      assert.equal(await lake.create('a/one.txt', text('second')), 'exists');
      assert.equal(await other.create('a/one.txt', text('first')), 'exists');
      assert.deepEqual(Buffer.from((await lake.read('a/one.txt')) ?? []), text('first'));
    });

    it('of many that create a path at once, exactly one gets `created`, and its content is stored', async (t) => {
      const { lake, other } = await open(t);
      for (let round = 1; round <= 3; round += 1) {
        const path = `race/round-${round}.txt`;
        const outcomes = await Promise.all(
          Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? lake : other).create(path, text(`by ${index}`))),
        );
        const winners = outcomes.flatMap((outcome, index) => (outcome === 'created' ? [index] : []));
        assert.equal(winners.length, 1);
        assert.deepEqual(Buffer.from((await other.read(path)) ?? []), text(`by ${winners[0]}`));
      }
    });

    it('what is not there is undefined, or an empty list', async (t) => {
      const { lake } = await open(t);
      assert.equal(await lake.read('no/such.file'), undefined);
      assert.equal(await lake.local('no/such.file'), undefined);
      assert.deepEqual(await lake.list('', { limit: 10 }), []);
      await lake.create('a/one.txt', text('1'));
      assert.deepEqual(await lake.list('b', { limit: 10 }), []);
      assert.deepEqual(await lake.list('a', { limit: 10, after: 'z/last.txt' }), []);
    });

    it('list returns the files below a folder, with their sizes, in the byte order of their paths', async (t) => {
      const { lake } = await open(t);
      const paths = ['a/b/1.x', 'a-b/2.x', 'a/b-c/33.x', 'a/b.x', 'a/B/444.x', 'a0/5.x', 'a/b0/6.x', 'a/b=1/7.x', 'z.x', '_manifest.x'];
      for (const path of paths) await lake.create(path, text(path));
      const files = paths.toSorted().map((path) => ({ path, bytes: path.length }));
      assert.deepEqual(await lake.list('', { limit: 100 }), files);
      assert.deepEqual(
        await lake.list('a', { limit: 100 }),
        files.filter(({ path }) => path.startsWith('a/')),
      );
      assert.deepEqual(
        await lake.list('a/b', { limit: 100 }),
        files.filter(({ path }) => path.startsWith('a/b/')),
      );
    });

    it('pages are like slices of the whole list, whatever their size and folder', async (t) => {
      const { lake } = await open(t);
      const paths = new Set(fastCheck.sample(somePaths, { numRuns: 40, seed: 7 }));
      await Promise.all([...paths].map((path) => lake.create(path, text('x'))));
      const all = [...paths].sort();
      await fastCheck.assert(
        fastCheck.asyncProperty(
          fastCheck.constantFrom('', 'a', 'a/a', 'b=1'),
          fastCheck.integer({ min: 1, max: 40 }),
          fastCheck.option(fastCheck.oneof(fastCheck.constantFrom(...all), somePaths), { nil: undefined }),
          async (folder, limit, after) => {
            const page = await lake.list(folder, { limit, after });
            const expected = all.filter(
              (path) => (folder === '' || path.startsWith(`${folder}/`)) && (after === undefined || path > after),
            );
            assert.deepEqual(
              page.map(({ path }) => path),
              expected.slice(0, limit),
            );
          },
        ),
        { numRuns: 40 },
      );
    });

    it('a file that stays is on exactly one page, while others come and go', async (t) => {
      const { lake, other } = await open(t);
      const staying = Array.from({ length: 12 }, (_, index) => `pages/stay-${String(index).padStart(2, '0')}.x`);
      for (const path of staying) await lake.create(path, text('x'));
      const seen: string[] = [];
      let after: string | undefined;
      for (let round = 0; ; round += 1) {
        const page = await lake.list('pages', { limit: 3, after });
        seen.push(...page.map(({ path }) => path));
        after = page.at(-1)?.path;
        if (after === undefined) break;
        await other.create(`pages/new-${round}.x`, text('x'));
        await other.create(`pages/stay-${String(round).padStart(2, '0')}-b.x`, text('x'));
        await other.remove(`pages/stay-${String(round).padStart(2, '0')}-b.x`);
      }
      assert.deepEqual(
        seen.filter((path) => staying.includes(path)),
        staying,
      );
    });

    it('remove is final for readers and lists; a file that is not there is no error', async (t) => {
      const { lake, other } = await open(t);
      for (const path of ['gone/one.x', 'gone/deeper/two.x']) await lake.create(path, text(path));
      await lake.remove('gone/one.x');
      await lake.remove('gone/one.x');
      await lake.remove('never/there.x');
      assert.equal(await other.read('gone/one.x'), undefined);
      assert.deepEqual(await other.list('', { limit: 10 }), [{ path: 'gone/deeper/two.x', bytes: 17 }]);
      assert.equal(await other.create('gone/one.x', text('gone/one.x')), 'created');
    });

    it('files can be created in a folder while its others are removed', async (t) => {
      const { lake, other } = await open(t);
      await Promise.all(
        Array.from({ length: 5 }, async (_, worker) => {
          for (let step = 0; step < 6; step += 1) {
            const path = `busy/hr=05/w${worker}-${step}.x`;
            assert.equal(await lake.create(path, text(path)), 'created');
            if (step < 5) await other.remove(path);
          }
        }),
      );
      assert.equal((await lake.list('busy', { limit: 100 })).length, 5);
    });

    it('local gives a file of this machine that programs can read until it is released', async (t) => {
      const { lake, other } = await open(t);
      const path = 'access/dt=2026-01-02/hr=05/p0-1-9.parquet';
      await lake.create(path, noise(100_000));
      const [one, two] = await Promise.all([other.local(path), other.local(path)]);
      assert.ok(one && two);
      one.release();
      one.release();
      assert.deepEqual(await readFile(two.file), noise(100_000));
      assert.ok(two.file.endsWith(`/${path}`), 'hive partitions can be read from the path');
      two.release();
    });

    it('a path that is not plain is a broken invariant', async (t) => {
      const { lake } = await open(t);
      const wrong = [
        '../x.bin',
        '/abs.bin',
        'a//b.bin',
        '.hidden.bin',
        'a/./b.bin',
        'a/../b.bin',
        'noending',
        'with.dot/b.bin',
        'ü.bin',
        'a/b c.bin',
        '',
      ];
      for (const path of [...wrong, `${'long/'.repeat(120)}x.bin`, 'a\\b.bin', 'a/b.bin\n', 'a?b.bin']) {
        await assert.rejects(lake.create(path, text('x')), BrokenInvariant, path);
        await assert.rejects(lake.read(path), BrokenInvariant, path);
      }
      await assert.rejects(lake.list('a/../..', { limit: 1 }), BrokenInvariant);
      await assert.rejects(lake.list('', { limit: 0 }), BrokenInvariant);
    });

    it('a file that is too long is refused', async (t) => {
      const { lake } = await open(t);
      await assert.rejects(
        lake.create('too/long.bin', new Uint8Array(maxLakeFileBytes + 1)),
        (error) => error instanceof KontorError && error.code === 'too_large',
      );
      assert.deepEqual(await lake.list('', { limit: 1 }), []);
    });

    it('after kill -9 of two that create the same files: what they reported is there, and every listed file is whole', async (t) => {
      const { lake, victim } = await open(t);
      let reported = 0;
      for (let kill = 1; kill <= 2; kill += 1) {
        const victims = [startVictim({ kind: 'create-files', opener: victim }), startVictim({ kind: 'create-files', opener: victim })];
        for (const one of victims) t.after(() => one.kill());
        // They begin at the first file, so each round reaches new ones.
        await Promise.all(victims.map((one) => one.reported(reported + 3)));
        await Promise.all(victims.map((one) => one.kill()));
        reported = Math.max(reported, ...victims.map((one) => one.reports.at(-1) ?? 0));
      }
      const files = await everyFile(lake);
      assert.ok(files.length >= reported && files.length <= reported + 2, `${files.length} files after ${reported} reports`);
      for (let number = 1; number <= files.length; number += 1) {
        const { path, content } = lakeFileOf(number);
        assert.deepEqual(Buffer.from((await lake.read(path)) ?? []), content, path);
      }
      const next = lakeFileOf(files.length + 1);
      assert.equal(await lake.create(next.path, next.content), 'created');
      await lake.ping();
    });
  });
}

async function everyFile(lake: Lake): Promise<readonly LakeFile[]> {
  const files: LakeFile[] = [];
  for (;;) {
    const page = await lake.list('', { limit: 100, after: files.at(-1)?.path });
    if (page.length === 0) return files;
    files.push(...page);
  }
}

/** Bytes that no compression shortens, the same each time. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0, value = 1; index < length; index += 1) {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = value >>> 24;
  }
  return bytes;
}

const segment = fastCheck.constantFrom('a', 'b', 'a-b', 'a=1', 'b=1', 'A', '_', 'aa', '0');
const somePaths = fastCheck
  .tuple(fastCheck.array(segment, { maxLength: 3 }), segment, fastCheck.constantFrom('.x', '.parquet', '.a.b'))
  .map(([folders, file, ending]) => [...folders, `${file}${ending}`].join('/'));
