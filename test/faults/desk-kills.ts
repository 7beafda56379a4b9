/** kill -9 of desks and miners of errands under load: every run is accepted once and paid once, or refunded. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';
import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { realClock } from '#house/real-clock.ts';
import { coinsLaws } from '#modules/coins/laws.ts';
import { revenueAccount } from '#modules/errands/domain/settings.ts';
import { failOverdue } from '#modules/errands/store/queue/fail.ts';
import { settleAnswers } from '#modules/errands/store/settlement/settle.ts';
import { openErrandsWorld } from '#modules/errands/testing/errands-world.ts';
import { fastNow } from '#modules/errands/testing/fast-mining.ts';
import { manualClock } from '#testkit/clock.ts';
import { rounds } from '#testkit/rounds.ts';
import { type Opener, startVictim, type Victim } from '#testkit/victim.ts';

const miners = ['ben', 'cleo', 'dora'];
const latestKillMs = 150;
const speed = 40;
const runsPerOrder = 40_000;
/** Due within a second of fast time, again and again: somebody is always killed while he holds some. */
const runsPerRound = 100;
const everyMs = 10;

export async function killDesks(t: TestContext, state: State, opener: Opener): Promise<void> {
  const seed = Number(process.env.KONTOR_TEST_SEED ?? randomInt(1_000_000));
  t.diagnostic(`KONTOR_TEST_SEED=${seed}`);
  const random = seededRandom(seed);
  const clock = manualClock({ flowing: true });
  const world = await openErrandsWorld(state, { seed, clock });
  for (const customer of ['ada', 'emil']) await world.customer(customer, 40_000);
  for (const miner of miners) await world.miner(miner);
  const time = { startedAt: clock.now(), speed };
  const placed = await Promise.all(['ada', 'emil'].map((customer) => world.order(customer, runsPerOrder)));
  const workOf = (index: number) => ({ kind: 'mine', opener, miner: miners[index] ?? 'ben', time }) as const;
  const victims: Victim[] = miners.map((_, index) => startVictim(workOf(index)));
  t.after(() => Promise.all(victims.map((victim) => victim.kill())));
  await Promise.all(victims.map((victim) => victim.reported(1)));
  let made = 0;
  let acknowledged = 0;
  const addLoad = async () => {
    const inMs = fastNow(time, clock.now()) - clock.now();
    for (const order of placed) made += (await world.runs(order, runsPerRound, { inMs, everyMs })).length;
  };
  const kill = async (index: number) => {
    await victims[index]?.kill();
    acknowledged += Math.max(0, ...(victims[index]?.reports ?? []));
  };
  const kills = await rounds(t, { what: 'kills', seconds: 5, slowestRoundSeconds: 5 }, async () => {
    const index = random.int(miners.length);
    await victims[index]?.reported(1);
    await addLoad();
    await realClock.sleep(random.int(latestKillMs));
    await kill(index);
    victims[index] = startVictim(workOf(index));
  });
  await addLoad();
  await realClock.sleep(latestKillMs);
  for (const index of victims.keys()) await kill(index);

  // Long after everything is due, what was not fetched is refunded, and the rest is paid.
  const end = fastNow(time, clock.now()) + 10 * 60_000;
  while ((await failOverdue(state, end, 500)) > 0);
  while ((await settleAnswers(state, { now: end, random })) > 0);

  const { rows } = await state.read((queries) => outcomes.execute(queries));
  const count = (outcome: string) => Number(rows.find((row) => row.outcome === outcome)?.runs ?? 0);
  assert.equal(count('delivered') + count('failed'), made, 'every run has one result');
  assert.ok(
    count('delivered') >= acknowledged && acknowledged > 0,
    `${acknowledged} were acknowledged, and ${count('delivered')} delivered`,
  );
  assert.equal(await world.waiting(), 0);
  const earned = await Promise.all([...miners, revenueAccount].map((account) => world.coinsOf(account)));
  assert.equal(
    earned.reduce((sum, each) => sum + each),
    count('delivered'),
    'each delivered run is paid once',
  );
  assert.equal((await world.coinsOf('ada')) + (await world.coinsOf('emil')), count('failed'), 'and each other one refunded once');
  const books = { state, clock, random } as never;
  const found = [
    await world.violations(),
    ...(await Promise.all(coinsLaws.map(async (law) => (await law.check(books, 'all')).violations))),
  ];
  assert.deepEqual(found.flat(), []);
  t.diagnostic(`${count('delivered')} runs were delivered and ${count('failed')} refunded through ${kills} kills`);
}

const outcomes = sql<{ outcome: string; runs: number }>`select outcome, count(*) as runs from (
  select distinct order_id, generation, slot, outcome from errands_result) as each_run group by outcome`;
