/** kill -9 of processes during checkouts, refunds and cancellations; afterwards the laws hold, and nothing acknowledged is lost. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';
import { sql } from 'kysely';
import { auditLaws } from '#core/laws/audit.ts';
import type { Books, Scope } from '#core/laws/law.ts';
import type { State } from '#core/ports/state.ts';
import { realClock } from '#house/real-clock.ts';
import { coinsLaws } from '#modules/coins/laws.ts';
import { shopLaws } from '#modules/shop/laws.ts';
import { openShopWorld } from '#modules/shop/testing/shop-world.ts';
import { seededRandom } from '#testkit/random.ts';
import { rounds } from '#testkit/rounds.ts';
import { type Opener, startVictim } from '#testkit/victim.ts';

const shoppers = 8;
const plenty = 900_000;
const latestKillMs = 120;
const auditEverythingEach = 20;

export async function killDuringCheckouts(t: TestContext, state: State, opener: Opener): Promise<void> {
  const seed = Number(process.env.KONTOR_TEST_SEED ?? randomInt(1_000_000));
  t.diagnostic(`KONTOR_TEST_SEED=${seed}`);
  const random = seededRandom(seed);
  const world = await openShopWorld(state, { tea: plenty, lamps: plenty });
  const customers = await Promise.all(Array.from({ length: shoppers }, (_, index) => world.customer(`shopper-${index}`, 100_000_000)));

  const audit = async (scope: Scope) => {
    const books = { state, clock: realClock, random } as unknown as Books;
    const verdicts = await auditLaws({ laws: [...shopLaws(), ...coinsLaws], books, scope, timeoutMs: 60_000 });
    return verdicts.flatMap(({ violations }) => violations);
  };

  let stored = 0;
  const kills = await rounds(t, { what: 'kills', seconds: 15, slowestRoundSeconds: 5 }, async (kill) => {
    const victim = startVictim({ kind: 'check-out', opener, customers });
    await victim.reported(1);
    await realClock.sleep(random.int(latestKillMs));
    await victim.kill();
    const acknowledged = Math.max(0, ...victim.reports);
    const now = await ordersIn(state);
    assert.ok(now >= stored + acknowledged, `kill ${kill}: ${acknowledged} orders were acknowledged, and ${now - stored} are stored`);
    stored = now;
    assert.deepEqual(await audit(kill % auditEverythingEach === 0 ? 'all' : 'recent'), [], `after kill ${kill}`);
  });
  assert.deepEqual(await audit('all'), []);
  t.diagnostic(`${stored} orders survived ${kills} kills`);
  assert.ok(stored >= kills, 'orders were made between the kills');
}

async function ordersIn(state: State): Promise<number> {
  const { rows } = await state.read((queries) => sql<{ orders: number }>`select count(*) as orders from shop_order`.execute(queries));
  return Number(rows[0]?.orders);
}
