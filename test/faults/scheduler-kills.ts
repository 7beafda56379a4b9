/** kill -9 of schedulers of errands: four make runs of the same orders, one of them is killed again and again; every slot is made once. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';
import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { realClock } from '#house/real-clock.ts';
import { coinsLaws } from '#modules/coins/laws.ts';
import { every, openOrdersWorld, termsFrom } from '#modules/errands/testing/orders-world.ts';
import { manualClock } from '#testkit/clock.ts';
import { rounds } from '#testkit/rounds.ts';
import { type Opener, startVictim, type Victim } from '#testkit/victim.ts';

const schedulers = 4;
const orders = 12;
const latestKillMs = 120;
/** Slots that were missed before anybody began: there is always something to make. */
const missedMs = 24 * 3_600_000;

export async function killSchedulers(t: TestContext, state: State, opener: Opener): Promise<void> {
  const seed = Number(process.env.KONTOR_TEST_SEED ?? randomInt(1_000_000));
  t.diagnostic(`KONTOR_TEST_SEED=${seed}`);
  const random = seededRandom(seed);
  const clock = manualClock({ flowing: true });
  const world = await openOrdersWorld(state, { seed, clock });
  const anna = await world.customer('anna', 10_000_000);
  const schedule = every(10, clock.now() - missedMs, { catchUp: 'all', repetitions: 20_000 });
  const placed = await world.place(
    anna,
    Array.from({ length: orders }, () => termsFrom(clock.now(), { schedule })),
  );
  assert.equal(placed.outcome, 'ordered');

  const work = { kind: 'make-runs', opener } as const;
  const victims: Victim[] = Array.from({ length: schedulers }, () => startVictim(work));
  t.after(() => Promise.all(victims.map((victim) => victim.kill())));
  let acknowledged = 0;
  const kill = async (index: number) => {
    await victims[index]?.kill();
    acknowledged += Math.max(0, ...(victims[index]?.reports ?? []));
  };
  const kills = await rounds(t, { what: 'kills', seconds: 5, slowestRoundSeconds: 5 }, async () => {
    const index = random.int(schedulers);
    await victims[index]?.reported(1);
    await realClock.sleep(random.int(latestKillMs));
    await kill(index);
    victims[index] = startVictim(work);
  });
  for (const index of victims.keys()) await kill(index);

  const { rows } = await state.read((queries) => madeRuns.execute(queries));
  assert.equal(rows.length, orders);
  for (const { id, slot, made, runs, first, last, times } of rows) {
    assert.deepEqual(
      { made, runs, first, last, times },
      { made: slot, runs: slot, first: 1, last: slot, times: slot },
      `${id}: each slot is one run`,
    );
  }
  const total = rows.reduce((sum, { runs }) => sum + Number(runs), 0);
  assert.ok(total >= acknowledged && total > orders, `${acknowledged} runs were acknowledged, and ${total} are stored`);
  const books = { state, clock, random } as never;
  const found = [
    await world.violations(),
    ...(await Promise.all(coinsLaws.map(async (law) => (await law.check(books, 'all')).violations))),
  ];
  assert.deepEqual(found.flat(), []);
  t.diagnostic(`${total} runs survived ${kills} kills, each made once`);
}

const madeRuns = sql<Record<'slot' | 'made' | 'runs' | 'first' | 'last' | 'times', number> & { id: string }>`
  select placed.id, placed.slot, placed.made, count(*) as runs, min(run.slot) as first, max(run.slot) as last, count(distinct run.slot) as times
  from errands_order placed join errands_run run on run.order_id = placed.id group by placed.id, placed.slot, placed.made`;
