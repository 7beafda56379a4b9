/** Keeping the ledger: expired holds are let go and tails folded, an idle house writes nothing, and a failure is told. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { houseAccounts, placeHold } from '../post.ts';
import { balance, openWallets } from '../testing/contract/ledger-world.ts';
import { type KeepingPorts, keepingIntervalMs, keepLedger } from './keeping.ts';

/** More than all rounds of a test together. */
const longMs = 86_400_000;

async function openWorld(t: TestContext) {
  const clock = manualClock();
  const closing: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const close of closing) await close();
  });
  const state = await openSqliteState({ path: join(temporaryFolder(t), 'kontor.db'), clock, log: silentLog() });
  await openWallets(state, { anna: 10 });
  let writes = 0;
  let looks = 0;
  const watched = {
    read(work) {
      looks += 1;
      return state.read(work);
    },
    write(work) {
      writes += 1;
      return state.write(work);
    },
  } as State;
  const start = () => {
    const keeping = keepLedger({ state: watched, clock, log: silentLog() } satisfies KeepingPorts);
    closing.push(keeping.stop);
    closing.push(() => state.close());
    return keeping;
  };
  /** Lets round after round pass until it is so. */
  function rounds(condition: () => boolean | Promise<boolean>, describe: string): Promise<unknown> {
    return until(
      async () => {
        await clock.advance(keepingIntervalMs);
        return condition();
      },
      { describe },
    );
  }
  return { state, clock, start, rounds, writes: () => writes, looks: () => looks };
}

it('lets expired holds go and folds rollups, and writes nothing when there is nothing to do', async (t) => {
  const { state, clock, start, rounds, writes, looks } = await openWorld(t);
  const hold = { scope: 'test', key: 'h', payer: 'wallet:anna', payee: houseAccounts.escrow, amount: 4, at: clock.now() };
  await state.write((queries) => placeHold(queries, { ...hold, expiresAt: clock.now() + longMs }));
  const keeping = start();
  const tail = () => state.read(async (queries) => (await sql`select * from coins_tail`.execute(queries)).rows.length);
  await rounds(async () => (await tail()) === 0, 'the tail to be folded');
  assert.equal((await balance(state, 'wallet:anna'))?.held, 4);
  clock.setNow(clock.now() + longMs);
  await rounds(async () => (await balance(state, 'wallet:anna'))?.held === 0, 'the hold to be let go');
  const before = { writes: writes(), looks: looks() };
  await rounds(() => looks() >= before.looks + 3, 'three more rounds');
  assert.equal(writes(), before.writes);
  assert.deepEqual(keeping.status(), { ready: true, says: 'active' });
});

it('says that it fails, goes on trying, and says when it is well again', async (t) => {
  const { state, start, rounds } = await openWorld(t);
  await state.write((queries) => sql`alter table coins_tail rename to coins_tail_gone`.execute(queries));
  const keeping = start();
  await rounds(() => !keeping.status().ready, 'it to say that it fails');
  await state.write((queries) => sql`alter table coins_tail_gone rename to coins_tail`.execute(queries));
  await rounds(() => keeping.status().ready, 'it to be well again');
});
