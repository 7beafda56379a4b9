/** The queue of errands on a real PostgreSQL server, and kill -9 of desks and miners. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { realClock } from '#house/real-clock.ts';
import { claimRuns } from '#modules/errands/store/queue/claim.ts';
import { queueContract } from '#modules/errands/testing/contract/queue.ts';
import { openErrandsWorld } from '#modules/errands/testing/errands-world.ts';
import { silentLog } from '#testkit/log.ts';
import { killDesks } from '../faults/desk-kills.ts';
import { databaseOn } from './postgres-database.ts';
import { engineFor } from './require-engine.ts';

const waiting = 4_000;
const claimed = 20;

/** Rows of the queue that this connection read, and that PostgreSQL has not added up yet. */
async function runsRead(queries: Queries): Promise<number> {
  const { rows } = await sql<{ read: number }>`select seq_tup_read + idx_tup_fetch as read from pg_stat_xact_user_tables
    where relname = 'errands_run'`.execute(queries);
  return Number(rows[0]?.read ?? 0);
}

const server = await engineFor('postgres');

describe('PostgreSQL', { skip: server.skip }, () => {
  const database = databaseOn(server);

  queueContract('postgres', { open: database.state });

  it('claims read little more than they take of a queue that has just filled up', async (t) => {
    const state = await openPostgresState({ url: await database.emptied(), clock: realClock, log: silentLog() });
    t.after(() => state.close());
    const world = await openErrandsWorld(state);
    await world.customer('ada', waiting);
    await world.runs(await world.order('ada', waiting), waiting);
    const random = seededRandom(1);
    const claim = { miner: { accountId: 'ben', network: '10.0.0.0/24' }, limit: claimed, now: world.clock.now(), random };
    // Plans are kept from the sixth time on.
    for (let turn = 0; turn < 8; turn += 1) {
      const read = await state.write(async (queries) => {
        const before = await runsRead(queries);
        assert.equal((await claimRuns(queries, claim)).length, claimed);
        return (await runsRead(queries)) - before;
      });
      assert.ok(read >= claimed && read < waiting / 2, `a claim of ${claimed} runs read ${read}`);
    }
  });

  it('kills of desks and miners pay no run twice and lose none', async (t) => {
    const url = await database.emptied();
    const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
    t.after(() => state.close());
    await killDesks(t, state, {
      module: import.meta.resolve('#engines/state/postgres.ts'),
      name: 'openPostgresState',
      options: { url },
    });
  });
});
