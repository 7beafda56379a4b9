/** kill -9 of processes that sell, again and again; afterwards the laws hold, and nothing acknowledged is lost. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';
import { type RawBuilder, sql } from 'kysely';
import { auditLaws } from '#core/laws/audit.ts';
import type { Books, Law, Scope } from '#core/laws/law.ts';
import type { State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { realClock } from '#house/real-clock.ts';
import { coinsLaws } from '#modules/coins/laws.ts';
import { rounds } from '#testkit/rounds.ts';
import { startVictim, type VictimWork } from '#testkit/victim.ts';

const latestKillMs = 120;
const auditEverythingEach = 20;

export interface Sales {
  readonly state: State;
  /** In the plural, such as `orders`. */
  readonly what: string;
  /** The table with a row for each; it counts `rows`. */
  readonly stored: RawBuilder<{ rows: number }>;
  readonly laws: readonly Law[];
  /** Reports how many sales it was acknowledged. */
  readonly victim: VictimWork;
  /** How long the kills go on. */
  readonly seconds: number;
}

export async function killDuringSales(t: TestContext, { state, what, stored, laws, victim: work, seconds }: Sales): Promise<void> {
  const seed = Number(process.env.KONTOR_TEST_SEED ?? randomInt(1_000_000));
  t.diagnostic(`KONTOR_TEST_SEED=${seed}`);
  const random = seededRandom(seed);

  const audit = async (scope: Scope) => {
    const books = { state, clock: realClock, random } as unknown as Books;
    const verdicts = await auditLaws({ laws: [...laws, ...coinsLaws], books, scope, timeoutMs: 60_000 });
    return verdicts.flatMap(({ violations }) => violations);
  };

  let before = 0;
  const kills = await rounds(t, { what: 'kills', seconds, slowestRoundSeconds: 5 }, async (kill) => {
    const victim = startVictim(work);
    await victim.reported(1);
    await realClock.sleep(random.int(latestKillMs));
    await victim.kill();
    const acknowledged = Math.max(0, ...victim.reports);
    const { rows } = await state.read((queries) => stored.execute(queries));
    const now = Number(rows[0]?.rows);
    assert.ok(now >= before + acknowledged, `kill ${kill}: ${acknowledged} ${what} were acknowledged, and ${now - before} are stored`);
    before = now;
    assert.deepEqual(await audit(kill % auditEverythingEach === 0 ? 'all' : 'recent'), [], `after kill ${kill}`);
  });
  assert.deepEqual(await audit('all'), []);
  t.diagnostic(`${before} ${what} survived ${kills} kills`);
  assert.ok(before >= kills, `${what} were made between the kills`);
}

export const countRows = (table: string) => sql<{ rows: number }>`select count(*) as rows from ${sql.table(table)}`;
