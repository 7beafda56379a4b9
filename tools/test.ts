#!/usr/bin/env node
/**
 * `npm test`, `npm run test:attacks`, `npm run test:faults`, `npm run test:engines`: runs the tests of a set, or the files named after it, and ends with
 * the line `N passed, N failed`. With KONTOR_TEST_REPEAT=1, files that could not do their work run once more, alone (docs/adr/0038).
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
const mostRepeated = 2;

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
    // Many tests wait for a browser, a process or a time: two more than there are cores keep these busy.
    concurrency: availableParallelism() + 2,
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

const first = await runFiles(files, set.concurrency);
const again = process.env.KONTOR_TEST_REPEAT === '1' ? filesToRepeat(first) : [];
for (const file of again) console.log(`\nRepeated alone, because it could not do its work: ${file}`);
const second = again.length > 0 ? await runFiles(again, 1) : undefined;
const passed = first.passed - sumOf(again, (file) => first.files.get(file)?.passed ?? 0) + (second?.passed ?? 0);
const failed = second ? second.failed : first.failed;

const slowest = [...first.files].sort(([, a], [, b]) => b.seconds - a.seconds).slice(0, slowestShown);
console.log(`Slowest: ${slowest.map(([file, { seconds }]) => `${file} ${seconds.toFixed(0)} s`).join(', ')}`);
if (second)
  console.log(`Failed at first, and ${failed === 0 ? 'passed' : 'failed again'} alone: ${again.join(', ')}. This is a defect: mend it.`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

interface Result {
  passed: number;
  failed: number;
  /** Whether a test saw something wrong, and did not just fail to start a server or to meet a time. */
  isFinding: boolean;
  readonly files: Map<string, { readonly passed: number; readonly seconds: number; readonly success: boolean }>;
}

async function runFiles(paths: readonly string[], concurrency: number): Promise<Result> {
  const result: Result = { passed: 0, failed: 0, isFinding: false, files: new Map() };
  const stream = run({ files: [...paths], cwd: root, concurrency, execArgv });
  stream.on('test:fail', ({ name: title, file, details }) => {
    const { cause } = details.error;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_ASSERTION') result.isFinding = true;
    // A process that ended before it had told of its tests.
    if (file === title) result.files.set(relative(root, file), { passed: 0, seconds: details.duration_ms / 1000, success: false });
  });
  stream.on('test:summary', ({ file, duration_ms, counts, success }) => {
    if (file === undefined) {
      result.passed = counts.passed;
      result.failed = counts.tests - counts.passed - counts.skipped - counts.todo;
      if (!success) result.failed = Math.max(result.failed, 1);
      return;
    }
    result.files.set(relative(root, file), { passed: counts.passed, seconds: duration_ms / 1000, success });
  });
  for await (const text of stream.compose(new Spec())) process.stdout.write(text);
  return result;
}

/** None, where a test has found something, or where many fail: that is not chance. */
function filesToRepeat({ isFinding, files }: Result): readonly string[] {
  const broken = [...files].filter(([, { success }]) => !success).map(([file]) => file);
  return isFinding || broken.length > mostRepeated ? [] : broken;
}

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
