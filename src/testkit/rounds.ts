/** Rounds of kills, soaks and fuzz: as many as fit in a time, and at least a minimum. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { turn } from './clock.ts';

export interface RoundsOptions {
  /** The plural of a round for the report, such as `kills`. */
  readonly what: string;
  /** How long all rounds take together; KONTOR_TEST_SECONDS, if set, overrides it for all tests. */
  readonly seconds: number;
  /** A busy machine may take this long for a round on average. With fewer rounds the test fails. */
  readonly slowestRoundSeconds: number;
}

/** A busy machine gets this many times the time to reach the minimum. */
const patience = 3;

/** Runs rounds, numbered from 1, until the time is up and the minimum is reached. Prints and returns their number. */
export async function rounds(
  t: Pick<TestContext, 'diagnostic'>,
  { what, seconds: usualSeconds, slowestRoundSeconds }: RoundsOptions,
  round: (number: number) => Promise<void>,
): Promise<number> {
  const seconds = Number(process.env.KONTOR_TEST_SECONDS ?? usualSeconds);
  const atLeast = Math.max(1, Math.floor(seconds / slowestRoundSeconds));
  const startedAtMs = performance.now();
  const secondsGone = () => (performance.now() - startedAtMs) / 1000;
  let made = 0;
  while (secondsGone() < seconds || (made < atLeast && secondsGone() < patience * seconds)) {
    made += 1;
    await round(made);
    await turn();
  }
  const count = `${made} ${what} in ${secondsGone().toFixed(0)} s`;
  t.diagnostic(count);
  assert.ok(made >= atLeast, `${count}: the test needs at least ${atLeast}`);
  return made;
}
