#!/usr/bin/env node
/**
 * `npm test`, `npm run test:attacks`, `npm run test:faults`, `npm run test:engines`: runs the tests of a set, or the files named after it, and ends with
 * the line `N passed, N failed`.
 */
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { run } from 'node:test';
import { spec as Spec } from 'node:test/reporters';

interface TestSet {
  /** The longest tests come first, so that none is left for the end. */
  readonly patterns: readonly string[];
  readonly concurrency: number;
  /** How long each run of kills, soaks or fuzz takes unless KONTOR_TEST_SECONDS is set; by default a few seconds. */
  readonly seconds?: number;
}

const root = new URL('..', import.meta.url).pathname;
const fileSeconds = 600;
const slowestShown = 12;

const sets: Readonly<Record<string, TestSet>> = {
  all: {
    patterns: [
      'test/fifth-market.test.ts',
      'test/e2e/**/*.test.ts',
      'test/faults/kill.test.ts',
      'test/simulation/world.test.ts',
      'src/{cli,house}/**/*.test.ts',
      'test/*.test.ts',
      '{src,web/src}/**/*.test.ts',
    ],
    // Many tests wait for a browser, a process or a time: one more than there are cores keeps these busy.
    concurrency: availableParallelism() + 1,
  },
  attacks: { patterns: ['test/attacks/**/*.test.ts'], concurrency: 2 },
  // The one world of simulation/world.test.ts is part of `npm test`, and needs no second look.
  faults: { patterns: ['test/{faults,fuzz}/**/*.test.ts', 'test/simulation/{plants,worlds}.test.ts'], concurrency: 2, seconds: 90 },
  engines: {
    patterns: [
      // Those that keep the processor busy alternate with those that wait.
      'test/engines/rabbitmq-faults.test.ts',
      'test/engines/autoscale.test.ts',
      'test/engines/rabbitmq-ha.test.ts',
      'test/engines/drill.test.ts',
      'test/engines/kafka-faults.test.ts',
      'test/engines/{plug,flights-house}.test.ts',
      'test/engines/mongodb-*.test.ts',
      'test/engines/cluster.test.ts',
      'test/engines/**/*.test.ts',
    ],
    // Most wait for servers that start or come back; `engineFor` keeps those apart that would kill each other's.
    concurrency: 2,
    seconds: 120,
  },
};

const [name = 'all', ...named] = process.argv.slice(2);
const set = sets[name];
if (!set) {
  console.error(`There is no set of tests called ${name}: there are ${Object.keys(sets).join(', ')}.`);
  process.exit(2);
}
const files = named.length > 0 ? named : [...new Set(set.patterns.flatMap((pattern) => globSync(pattern, { cwd: root }).sort()))];

// Tests load the same code in many processes: with a compile cache it loads in half the time.
process.env.NODE_COMPILE_CACHE ??= `${root}node_modules/.cache/kontor`;
if (set.seconds !== undefined) process.env.KONTOR_TEST_SECONDS ??= String(set.seconds);
process.env.KONTOR_TEST_FILE_SECONDS ??= String(fileSeconds + 3 * Number(process.env.KONTOR_TEST_SECONDS ?? 0));

const execArgv = [`${root}tools/end-slow-test.ts`, `${root}bin/use-packed-packages.js`].flatMap((file) => ['--import', file]);
const secondsOf = new Map<string, number>();
const stream = run({ files, cwd: root, concurrency: set.concurrency, execArgv });
stream.on('test:summary', ({ file, duration_ms, counts, success }) => {
  if (file !== undefined) {
    secondsOf.set(relative(root, file), duration_ms / 1000);
    return;
  }
  process.exitCode = success && counts.tests > 0 ? 0 : 1;
  process.once('exit', () => {
    const slowest = [...secondsOf].sort(([, a], [, b]) => b - a).slice(0, slowestShown);
    console.log(`Slowest: ${slowest.map(([path, seconds]) => `${path} ${seconds.toFixed(0)} s`).join(', ')}`);
    console.log(`${counts.passed} passed, ${counts.tests - counts.passed - counts.skipped - counts.todo} failed`);
  });
});
stream.compose(new Spec()).pipe(process.stdout);
