/** kill -9 of the whole house at random moments in bulk mode: afterwards the laws hold, and nothing acknowledged is lost. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { it } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { rounds } from '#testkit/rounds.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { type Books, type Environment, readBooks, runAndKill, sumPositions } from './books.ts';

/** Every third one is killed while it starts (during recovery), the others while they count. */
const startMs = { from: 150, to: 900 };
const countMs = { from: 0, to: 700 };
const auditEverythingEach = 20;

it('after each kill the laws hold and no position has moved back', async (t) => {
  const seed = Number(process.env.KONTOR_TEST_SEED ?? randomInt(1_000_000));
  t.diagnostic(`KONTOR_TEST_SEED=${seed}`);
  const random = seededRandom(seed);
  const environment = {
    DATA_DIR: temporaryFolder(t),
    STOCK: 'MSFT,TSLA,BRK.A',
    TICKER_INTERVAL: '0',
    STOCKS_HISTORY_MINUTES: '5',
    STOCKS_KEEP_BATCHES: '2000',
  };
  let before = await untilCounted(environment, 0);
  const kills = await rounds(t, { what: 'kills', seconds: 8, slowestRoundSeconds: 5 }, async (kill) => {
    const since = kill % 3 === 0 ? 'start' : 'open';
    const { from, to } = since === 'start' ? startMs : countMs;
    const afterMs = from + random.int(to - from);
    await runAndKill(['run', 'stocks-publisher', 'stocks-aggregator'], environment, { afterMs, since });
    const after = await readBooks(environment, kill % auditEverythingEach === 0 ? 'all' : 'recent');
    assert.deepEqual(after.violations, [], `kill ${kill}, ${afterMs} ms after its ${since}`);
    for (const cursor of before.cursors) {
      const now = after.cursors.find(({ company }) => company === cursor.company);
      assert.ok(
        now && now.position >= cursor.position,
        `${cursor.company} was at ${cursor.position} and is at ${now?.position} after kill ${kill}`,
      );
      assert.ok(
        (after.published.get(cursor.company) ?? 0) >= (before.published.get(cursor.company) ?? 0),
        `the tape of ${cursor.company} became shorter`,
      );
    }
    before = after;
  });
  assert.deepEqual((await readBooks(environment, 'all')).violations, []);
  t.diagnostic(`${sumPositions(before.cursors)} trades survived ${kills} kills`);
  // A busy machine may have counted nothing between the kills.
  await untilCounted(environment, sumPositions(before.cursors));
});

/** Runs and kills a house until more than `trades` are counted, and reads the books then. */
async function untilCounted(environment: Environment, trades: number): Promise<Books> {
  for (let runs = 1; ; runs += 1) {
    assert.ok(runs <= 5, `one of the first runs counted more than ${trades} trades`);
    // Longer each time: a busy machine comes to count later.
    await runAndKill(['up'], environment, { afterMs: 1_500 * runs, since: 'open' });
    const books = await readBooks(environment, 'all');
    if (sumPositions(books.cursors) > trades) return books;
  }
}
