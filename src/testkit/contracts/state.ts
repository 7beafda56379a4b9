/** The contract of the State port: each promise as a test. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fastCheck from 'fast-check';
import { sql } from 'kysely';
import { KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { addAccount, balances, exampleMigrations, exampleTables, transferOnce } from '../example-schema.ts';
import { until } from '../until.ts';
import { startVictim } from '../victim.ts';
import { migrationTests } from './state-migrations.ts';
import type { StateContract, StateWorld } from './state-world.ts';

export function stateContract(name: string, contract: StateContract): void {
  async function openWithAccounts(t: TestContext, accounts: Record<string, number> = {}): Promise<StateWorld> {
    const world = await contract.open(t);
    await world.state.migrate(exampleMigrations);
    await world.state.write(async (queries) => {
      for (const [id, cents] of Object.entries(accounts)) await addAccount(queries, id, cents);
    });
    return world;
  }

  describe(`State: ${name}`, () => {
    it('write runs its work in one transaction: when it rejects, nothing is stored', async (t) => {
      const { state } = await openWithAccounts(t, { a: 100, b: 0 });
      const failing = state.write(async (queries) => {
        await transferOnce(queries, { requestKey: 'k1', debitId: 'a', creditId: 'b', amountCents: 60 });
        throw new Error('changed my mind');
      });
      await assert.rejects(failing, /changed my mind/);
      assert.deepEqual(await state.read(balances), { a: 100, b: 0 });
      assert.equal(await state.read(countTransfers), 0);
    });

    it('write resolves with the result of its work', async (t) => {
      const { state } = await openWithAccounts(t, { a: 100, b: 0 });
      const transfer = { requestKey: 'k1', debitId: 'a', creditId: 'b', amountCents: 60 };
      assert.equal(await state.write((queries) => transferOnce(queries, transfer)), 'done');
      assert.equal(await state.write((queries) => transferOnce(queries, transfer)), 'repeated');
      assert.deepEqual(await state.read(balances), { a: 40, b: 60 });
    });

    it('when it resolves, the work is durable: it is there when the data is opened again', async (t) => {
      const world = await openWithAccounts(t, { a: 100 });
      const again = await world.reopen();
      assert.deepEqual(await again.read(balances), { a: 100 });
    });

    it('when it resolves, the work is durable: it survives kill -9', async (t) => {
      const world = await openWithAccounts(t);
      const victim = startVictim({ kind: 'write-rows', opener: world.victim });
      t.after(() => victim.kill());
      await victim.reported(25);
      await victim.kill();
      const last = victim.reports.at(-1) ?? 0;
      const stored = await world.state.read(balances);
      for (let row = 1; row <= last; row += 1) assert.equal(stored[`row-${row}`], row);
      // Besides the reported rows, at most the one in progress at the kill may be stored.
      assert.ok(Object.keys(stored).length <= last + 1);
    });

    it('constraints are enforced: unique, check, foreign key', async (t) => {
      const { state } = await openWithAccounts(t, { a: 100, b: 0 });
      const overdraft = { requestKey: 'k1', debitId: 'a', creditId: 'b', amountCents: 101 };
      await assert.rejects(state.write((queries) => transferOnce(queries, overdraft)));
      await assert.rejects(state.write((queries) => addAccount(queries, 'a', 1)));
      await assert.rejects(state.write((queries) => transferOnce(queries, { ...overdraft, amountCents: 0 })));
      await assert.rejects(state.write((queries) => transferOnce(queries, { ...overdraft, amountCents: 1, creditId: 'nobody' })));
      assert.deepEqual(await state.read(balances), { a: 100, b: 0 });
      assert.equal(await state.read(countTransfers), 0);
    });

    it('a failed write never affects writes committed together with it', async (t) => {
      const { state } = await openWithAccounts(t);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 90 }, (_, index) =>
          state.write(async (queries) => {
            await addAccount(queries, `account-${index}`, index);
            if (index % 3 === 1) await addAccount(queries, `account-${index}`, index);
            if (index % 3 === 2) throw new Error('refused');
          }),
        ),
      );
      const expected = outcomes.flatMap((_, index) => (index % 3 === 0 ? [`account-${index}`] : []));
      assert.deepEqual(
        outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [`account-${index}`] : [])),
        expected,
      );
      assert.deepEqual(Object.keys(await state.read(balances)).sort(), expected.sort());
    });

    it('writes that arrive together lose no update of each other', async (t) => {
      const { state } = await openWithAccounts(t, { a: 0 });
      await Promise.all(Array.from({ length: 100 }, () => state.write((queries) => addTo(queries, 'a', 1))));
      assert.deepEqual(await state.read(balances), { a: 100 });
    });

    it('two processes that write at the same time lose no update of each other', async (t) => {
      const world = await openWithAccounts(t, { a: 0 });
      const second = await world.openSecond();
      const states = [world.state, second];
      for (let round = 0; round < 10; round += 1) {
        await Promise.all(states.flatMap((state) => Array.from({ length: 5 }, () => state.write((queries) => addTo(queries, 'a', 1)))));
      }
      assert.deepEqual(await world.state.read(balances), { a: 100 });
      assert.deepEqual(await second.read(balances), { a: 100 });
    });

    it('transfers in any order and concurrency neither create nor lose money, nor overdraw, nor run twice', async (t) => {
      const { state } = await openWithAccounts(t);
      let run = 0;
      const account = fastCheck.constantFrom('a', 'b', 'c');
      const transfer = fastCheck.record({
        key: fastCheck.integer({ min: 0, max: 15 }),
        debit: account,
        credit: account,
        amountCents: fastCheck.integer({ min: 1, max: 80 }),
      });
      await fastCheck.assert(
        fastCheck.asyncProperty(fastCheck.array(transfer, { minLength: 1, maxLength: 30 }), async (transfers) => {
          run += 1;
          const own = (id: string) => `${run}-${id}`;
          for (const id of ['a', 'b', 'c']) await state.write((queries) => addAccount(queries, own(id), 100));
          const outcomes = await Promise.allSettled(
            transfers.map(({ key, debit, credit, amountCents }) =>
              state.write((queries) =>
                transferOnce(queries, { requestKey: own(`${key}`), debitId: own(debit), creditId: own(credit), amountCents }),
              ),
            ),
          );
          const rows = await state.read((queries) =>
            exampleTables(queries).selectFrom('example_transfer').selectAll().where('request_key', 'like', `${run}-%`).execute(),
          );
          const done = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value === 'done');
          assert.equal(rows.length, done.length, 'as many rows as transfers that resolved `done`');
          const expected = new Map(['a', 'b', 'c'].map((id) => [own(id), 100]));
          for (const row of rows) {
            expected.set(row.debit_id, (expected.get(row.debit_id) ?? 0) - row.amount_cents);
            expected.set(row.credit_id, (expected.get(row.credit_id) ?? 0) + row.amount_cents);
          }
          const stored = await state.read(balances);
          for (const [id, cents] of expected) {
            assert.equal(stored[id], cents, id);
            assert.ok(cents >= 0, `${id} is not overdrawn`);
          }
        }),
        { numRuns: 10 },
      );
    });

    it('read sees every write that resolved before', async (t) => {
      const world = await openWithAccounts(t, { a: 0 });
      const second = await world.openSecond();
      for (let round = 1; round <= 20; round += 1) {
        await world.state.write((queries) => addTo(queries, 'a', 1));
        assert.deepEqual(await world.state.read(balances), { a: round });
        assert.deepEqual(await second.read(balances), { a: round }, 'from another process, too');
      }
    });

    it('read sees one consistent snapshot, whatever is written during it', async (t) => {
      const { state } = await openWithAccounts(t, { a: 0, b: 1_000 });
      let writes = 0;
      let isReading = true;
      const reading = state
        .read(async (queries) => {
          const first = await balances(queries);
          const writesBefore = writes;
          // Work must not wait for writes; this test does, so that they happen during the read.
          await until(() => writes >= writesBefore + 3, { describe: 'writes during the read' });
          return { first, last: await balances(queries) };
        })
        .finally(() => {
          isReading = false;
        });
      while (isReading) {
        await state.write(async (queries) => {
          await addTo(queries, 'a', 1);
          await addTo(queries, 'b', -1);
        });
        writes += 1;
      }
      const { first, last } = await reading;
      assert.deepEqual(last, first);
    });

    it('a read that fails rejects, and the next one works', async (t) => {
      const { state } = await openWithAccounts(t, { a: 1 });
      await assert.rejects(state.read((queries) => sql`select nonsense from nowhere`.execute(queries)));
      assert.deepEqual(await state.read(balances), { a: 1 });
    });

    it('work that does not end within writeTimeoutMs is rolled back with timed_out, and does not affect other work', async (t) => {
      const { state, clock } = await openWithAccounts(t, { a: 0 });
      const gate = Promise.withResolvers<void>();
      let late: Promise<unknown> | undefined;
      let began = false;
      const hanging = state.write(async (queries) => {
        await addTo(queries, 'a', 1);
        began = true;
        await gate.promise;
        late = addTo(queries, 'a', 10);
        await late;
      });
      const outcome = hanging.then(() => 'stored', codeOf);
      await until(() => began, { describe: 'the work to begin' });
      const patient = state.write((queries) => addTo(queries, 'a', 100));
      await clock.advance(contract.limits.writeTimeoutMs + 1);
      assert.equal(await until(outcome, { describe: 'the hanging write to time out' }), 'timed_out');
      await until(patient, { describe: 'the write that waited behind it' });
      gate.resolve();
      await until(() => late !== undefined, { describe: 'the late query' });
      await assert.rejects(async () => late, 'a query after the end reaches no transaction');
      await state.write((queries) => addTo(queries, 'a', 1_000));
      assert.deepEqual(await state.read(balances), { a: 1_100 });
    });

    it('integers are returned as numbers: columns, counts and sums', async (t) => {
      const largest = Number.MAX_SAFE_INTEGER;
      const { state } = await openWithAccounts(t, { a: largest, b: 0 });
      const row = await state.read((queries) =>
        exampleTables(queries)
          .selectFrom('example_account')
          .select(({ fn }) => [fn.countAll().as('accounts'), fn.sum('balance_cents').as('total'), fn.max('balance_cents').as('highest')])
          .executeTakeFirstOrThrow(),
      );
      assert.deepEqual({ ...row }, { accounts: 2, total: largest, highest: largest });
    });

    it('integers divide as integers in every dialect', async (t) => {
      const { state } = await openWithAccounts(t, { a: 7 });
      const halves = await state.read((queries) =>
        exampleTables(queries)
          .selectFrom('example_account')
          .select((select) => select('balance_cents', '/', 2).as('half'))
          .executeTakeFirstOrThrow(),
      );
      assert.equal(halves.half, 3);
    });

    it('an integer beyond 2^53 is refused, never rounded', async (t) => {
      const { state } = await openWithAccounts(t, { a: 1 });
      await state.write((queries) => sql`update example_account set balance_cents = 9007199254740993`.execute(queries));
      await assert.rejects(state.read(balances), KontorError);
      await assert.rejects(state.write(balances), KontorError);
      await assert.rejects(state.write((queries) => addAccount(queries, 'b', 2 ** 53 + 2)));
      await state.write((queries) => sql`update example_account set balance_cents = 9007199254740991`.execute(queries));
      assert.deepEqual(await state.read(balances), { a: Number.MAX_SAFE_INTEGER });
    });

    it('the number of waiting writes is bounded: beyond it, overloaded, and no accepted write is lost', async (t) => {
      const { state } = await openWithAccounts(t);
      const attempts = contract.limits.maxWaiting * 2 + 200;
      const outcomes = await Promise.allSettled(
        Array.from({ length: attempts }, (_, index) => state.write((queries) => addAccount(queries, `account-${index}`, 1))),
      );
      const taken = outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
      const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      assert.ok(taken >= contract.limits.maxWaiting, `${taken} were accepted`);
      assert.ok(refusals.length > 0, 'some were refused');
      for (const refusal of refusals) {
        assert.equal(codeOf(refusal), 'overloaded');
        assert.equal(refusal.retryable, true);
      }
      assert.equal(Object.keys(await state.read(balances)).length, taken);
      await state.write((queries) => addAccount(queries, 'afterwards', 1));
    });

    it('insert on conflict, returning and set-based statements mean the same in every dialect', async (t) => {
      const { state } = await openWithAccounts(t, { a: 1, b: 2 });
      const updated = await state.write((queries) =>
        exampleTables(queries)
          .insertInto('example_account')
          .values([
            { id: 'a', owner: 'owner of a', balance_cents: 10 },
            { id: 'c', owner: 'owner of c', balance_cents: 30 },
          ])
          .onConflict((conflict) =>
            conflict
              .column('id')
              .doUpdateSet((set) => ({ balance_cents: set('example_account.balance_cents', '+', set.ref('excluded.balance_cents')) })),
          )
          .returning(['id', 'balance_cents'])
          .execute(),
      );
      assert.deepEqual(Object.fromEntries(updated.map((row) => [row.id, row.balance_cents])), { a: 11, c: 30 });
      const removed = await state.write((queries) =>
        exampleTables(queries).deleteFrom('example_account').where('balance_cents', '>', 5).executeTakeFirst(),
      );
      assert.equal(removed.numDeletedRows, 2n);
      const changed = await state.write((queries) =>
        exampleTables(queries).updateTable('example_account').set({ owner: 'nobody' }).where('id', '=', 'z').executeTakeFirst(),
      );
      assert.equal(changed.numUpdatedRows, 0n);
      assert.deepEqual(await state.read(balances), { b: 2 });
    });

    it('forUpdateSkipLocked works if and only if it is declared', async (t) => {
      const { state } = await openWithAccounts(t, { a: 1 });
      const locking = state.write((queries) =>
        exampleTables(queries).selectFrom('example_account').select('id').forUpdate().skipLocked().execute(),
      );
      if (state.can.forUpdateSkipLocked) assert.deepEqual(await locking, [{ id: 'a' }]);
      else await assert.rejects(locking);
    });

    it('onChange calls after a committed write in this or another process, until it is unsubscribed', async (t) => {
      const world = await openWithAccounts(t, { a: 0 });
      const second = await world.openSecond();
      let hints = 0;
      const unsubscribe = world.state.onChange(() => {
        hints += 1;
      });
      await world.state.write((queries) => addTo(queries, 'a', 1));
      await until(() => hints > 0, { describe: 'the hint of a write here' });
      hints = 0;
      await second.write((queries) => addTo(queries, 'a', 1));
      await until(() => world.clock.advance(100).then(() => hints > 0), { describe: 'the hint of a write elsewhere' });
      unsubscribe();
      hints = 0;
      let others = 0;
      t.after(
        world.state.onChange(() => {
          others += 1;
        }),
      );
      await world.state.write((queries) => addTo(queries, 'a', 1));
      await until(() => others > 0, { describe: 'the hint to another listener' });
      assert.equal(hints, 0);
    });

    it('ping resolves while the store answers; after close everything is refused and nothing hangs', async (t) => {
      const { state } = await openWithAccounts(t, { a: 0 });
      await state.ping();
      const underWay = state.write((queries) => addTo(queries, 'a', 1));
      await state.close();
      await underWay;
      await assert.rejects(state.ping());
      await assert.rejects(state.read(balances));
      await assert.rejects(state.write(balances));
    });

    migrationTests(contract);
  });
}

function codeOf(error: unknown): string {
  return error instanceof KontorError ? error.code : `not a KontorError: ${error}`;
}

async function addTo(queries: Queries, id: string, cents: number): Promise<void> {
  await exampleTables(queries)
    .updateTable('example_account')
    .set((update) => ({ balance_cents: update('balance_cents', '+', cents) }))
    .where('id', '=', id)
    .execute();
}

async function countTransfers(queries: Queries): Promise<number> {
  const row = await exampleTables(queries)
    .selectFrom('example_transfer')
    .select(({ fn }) => fn.countAll<number>().as('transfers'))
    .executeTakeFirstOrThrow();
  return row.transfers;
}
