/** The machine of PostgreSQL's primary is lost under checkouts, again and again: another is promoted by itself, and nothing is lost. */
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { openPostgresState } from '#engines/state/postgres.ts';
import { realClock } from '#house/real-clock.ts';
import { silentLog } from '#testkit/log.ts';
import { rounds } from '#testkit/rounds.ts';
import { startPostgresHa } from '../../tools/engines/postgres-ha.ts';
import { placeOf } from '../../tools/engines.ts';
import { engineFor } from './require-engine.ts';
import { openShoppers } from './shoppers.ts';

const { skip, url } = await engineFor('postgres-ha', 'alone');

/** In one round of so many the primary hangs with its connections open, and wakes up when another has its part. */
const hangsEach = 3;

describe('PostgreSQL with Patroni', { skip, timeout: 1_200_000 }, () => {
  it('the primary killed or frozen under checkouts: a replica is promoted, and each acknowledged order is stored once', async (t) => {
    const server = await startPostgresHa(placeOf('postgres-ha'));
    // It takes more memory than others should wait for.
    t.after(() => server.stop());
    const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
    t.after(() => state.close());
    await state.write(async (queries) => {
      await sql`drop schema public cascade`.execute(queries);
      await sql`create schema public`.execute(queries);
    });
    const shoppers = await openShoppers(t, { STATE_URL: url, STREAM_URL: url });
    const pauses: number[] = [];
    let mend = async () => {};
    await rounds(t, { what: 'losses of the primary', seconds: 120, slowestRoundSeconds: 10 }, async (round) => {
      await mend();
      await server.ready();
      await shoppers.boughtMore(20);
      const primary = await server.primary();
      const hangs = round % hangsEach === 0;
      if (hangs) primary.freeze();
      else await primary.kill();
      const pauseMs = await shoppers.boughtMore(1);
      pauses.push(pauseMs);
      t.diagnostic(`${primary.name} ${hangs ? 'frozen' : 'killed'}: the next checkout after ${seconds(pauseMs)}`);
      mend = async () => (hangs ? primary.thaw() : primary.start());
    });
    await mend();
    const sorted = pauses.toSorted((one, other) => one - other);
    t.diagnostic(
      `${pauses.length} losses; a pause of ${seconds(sorted[0])} at least, ${seconds(sorted[sorted.length >> 1])} (median), ${seconds(sorted.at(-1))} at most`,
    );
    await shoppers.stopAndCheck(state);
  });
});

function seconds(ms: number | undefined): string {
  return `${((ms ?? Number.NaN) / 1_000).toFixed(1)} s`;
}
