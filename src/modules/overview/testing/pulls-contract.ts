/** What the store of pulls promises on every engine of the State. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { State } from '#core/ports/state.ts';
import { pullTimeoutMs } from '../domain/pull.ts';
import { beginPull, findPull, maxKeptPulls, newestPulls, runningPull, storePull } from '../store/pulls.ts';
import { overviewMigrations } from '../store/tables.ts';

const held = { leases: [{ name: 'work', holder: 'a', beat: 1 }], partitions: ['aggregator trades MSFT'] };

/** `open` returns a fresh, empty State that is closed after the test. */
export function pullsContract(name: string, open: (t: TestContext) => Promise<State>): void {
  describe(`pulls: ${name}`, () => {
    async function openPulls(t: TestContext) {
      const state = await open(t);
      await state.migrate(overviewMigrations);
      const begin = (id: string, askedAt: number) =>
        state.write((queries) => beginPull(queries, { id, kind: 'stop-role', target: 'relay', askedAt, held }));
      const running = () => state.read(runningPull);
      async function end(id: string) {
        const pull = (await state.read((queries) => findPull(queries, id))) ?? assert.fail(`there is no pull ${id}`);
        await state.write((queries) => storePull(queries, { ...pull, state: 'done', auditedAt: 9, laws: [] }));
      }
      return { state, begin, running, end };
    }

    it('are under way one at a time, also when several are asked for at once', async (t) => {
      const { begin, running, end } = await openPulls(t);
      const begun = await Promise.all([begin('a', 1), begin('b', 1), begin('c', 1)]);
      assert.equal(begun.filter((one) => one).length, 1);
      const pull = (await running()) ?? assert.fail('none is under way');
      assert.deepEqual([pull.state, pull.held, pull.pulledAt], ['running', held, null]);
      await end(pull.id);
      assert.equal(await running(), undefined);
      assert.equal(await begin('d', 2), true);
    });

    it('do not change any more when they are over', async (t) => {
      const { state, begin, end, running } = await openPulls(t);
      await begin('a', 1);
      const pull = (await running()) ?? assert.fail('none is under way');
      await end('a');
      await state.write((queries) => storePull(queries, { ...pull, noticedAt: 5 }));
      const found = await state.read((queries) => findPull(queries, 'a'));
      assert.deepEqual([found?.state, found?.auditedAt, found?.noticedAt], ['done', 9, null]);
    });

    it('that nobody ends make room after a time', async (t) => {
      const { state, begin } = await openPulls(t);
      await begin('a', 1);
      assert.equal(await begin('b', pullTimeoutMs), false);
      assert.equal(await begin('c', pullTimeoutMs + 2), true);
      assert.equal((await state.read((queries) => findPull(queries, 'a')))?.state, 'failed');
    });

    it('are kept, the newest of them', async (t) => {
      const { state, begin, end } = await openPulls(t);
      for (let number = 1; number <= maxKeptPulls + 5; number += 1) {
        await begin(String(number), number);
        await end(String(number));
      }
      const kept = await state.read((queries) => newestPulls(queries, 1_000));
      assert.equal(kept.length, maxKeptPulls);
      assert.equal(kept[0]?.id, String(maxKeptPulls + 5));
    });
  });
}
