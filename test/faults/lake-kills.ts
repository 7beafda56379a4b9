/** kill -9 of the recorder and of the pricer; afterwards the laws hold, the lake is whole, and every past price is computed again. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Books } from '#core/laws/law.ts';
import type { State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { realClock } from '#house/real-clock.ts';
import { accessTopic } from '#modules/flights/domain/access.ts';
import { replay } from '#modules/flights/roles/pricer/replay.ts';
import { reprice } from '#modules/flights/roles/pricer/reprice.ts';
import { keepLake } from '#modules/flights/roles/recorder/upkeep.ts';
import { verifyLake } from '#modules/flights/roles/recorder/verify.ts';
import { accessesLaw } from '#modules/flights/store/access/accesses-law.ts';
import { pricesLaw } from '#modules/flights/store/prices/prices-law.ts';
import { addLakeFlights, openLakeBooks } from '#modules/flights/testing/lake-victims.ts';
import { rounds } from '#testkit/rounds.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { type Opener, startVictim } from '#testkit/victim.ts';

const flightCount = 500;
const latestKillMs = 400;

export async function killRecorderAndPricer(t: TestContext, state: State, opener: Opener): Promise<void> {
  const seed = Number(process.env.KONTOR_TEST_SEED ?? randomInt(1_000_000));
  t.diagnostic(`KONTOR_TEST_SEED=${seed}`);
  const random = seededRandom(seed);
  const folder = temporaryFolder(t);
  const flights = await addLakeFlights(state, flightCount);
  const books = await openLakeBooks(state, folder);
  t.after(() => books.close());

  async function assertSound(when: string): Promise<void> {
    for (const law of [accessesLaw, pricesLaw])
      assert.deepEqual((await law.check(books as unknown as Books, 'all')).violations, [], `${law.id} ${when}`);
    assert.deepEqual((await verifyLake(books)).faults, [], `verify ${when}`);
    const { differences, prices } = await replay(books);
    assert.deepEqual(differences, [], `replay ${when}`);
    replayed += prices;
  }

  let [landed, replayed] = [0, 0];
  const kills = await rounds(t, { what: 'kills', seconds: 8, slowestRoundSeconds: 8 }, async (kill) => {
    const recorder = startVictim({ kind: 'record-accesses', opener, folder, flights });
    const pricer = startVictim({ kind: 'price-flights', opener, folder });
    await Promise.all([recorder.reported(1), pricer.reported(1)]);
    for (const victim of kill % 2 === 0 ? [recorder, pricer] : [pricer, recorder]) {
      await realClock.sleep(random.int(latestKillMs));
      await victim.kill();
    }
    const now = await books.landed();
    assert.ok(now >= Math.max(landed, ...recorder.reports), `${now} accesses are landed after kill ${kill}; it was more before`);
    landed = now;
    await assertSound(`after kill ${kill}`);
  });
  // What is on the stream lands, each access once.
  const recorder = await books.startRecorder();
  const end = (await books.stream.end(accessTopic, '0')) ?? 0;
  await until(async () => (await books.landed()) === end, { describe: `all ${end} accesses are in the lake` });
  await recorder.stop();
  await keepLake(books, { flightsLakeCompactHours: 0, flightsLakeCompactMib: 32, flightsLakeKeepDays: 30 });
  // On a slow machine no price may have changed between the kills.
  await reprice(books, { asOf: books.clock.now(), dryRun: false });
  await assertSound('at the end');
  assert.ok(replayed > 0, 'prices were computed again');
  t.diagnostic(`${end} accesses and ${replayed} replays of prices survived ${kills} kills of each`);
}
