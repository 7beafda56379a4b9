#!/usr/bin/env node
/**
 * `npm test`, `npm run test:faults`, `npm run test:engines`: runs the tests of a set, or the files named after it, and ends with
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
const fileTimeoutMs = 600_000;
const slowestShown = 5;

const sets: Readonly<Record<string, TestSet>> = {
  all: {
    patterns: [
      'test/{e2e,faults,fuzz,attacks}/**/*.test.ts',
      'src/{cli,house}/**/*.test.ts',
      'test/*.test.ts',
      '{src,web/src}/**/*.test.ts',
    ],
    concurrency: Math.max(2, availableParallelism()),
  },
  faults: { patterns: ['test/{faults,fuzz,attacks}/**/*.test.ts'], concurrency: 2, seconds: 90 },
  engines: { patterns: ['test/engines/**/*.test.ts'], concurrency: 1, seconds: 120 },
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

const secondsOf = new Map<string, number>();
const stream = run({ files, cwd: root, concurrency: set.concurrency, timeout: fileTimeoutMs });
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
