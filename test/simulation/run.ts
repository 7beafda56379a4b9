#!/usr/bin/env node
/** `npm run simulate -- --seeds N --seed S`: runs worlds, one seed after another; prints each that fails with the line that repeats it. */
import { parseArgs } from 'node:util';
import { leastBusyTimes, usualBusyTimes } from './day.ts';
import { type Plant, type PlantName, plants } from './plants/plants.ts';
import { runWorld, type WorldReport } from './world.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    /** Of faults in each world. */
    minutes: { type: 'string' },
    /** A whole day each. */
    day: { type: 'boolean', default: false },
    /** In which people act and faults come, of a day. */
    'busy-times': { type: 'string', default: String(usualBusyTimes) },
    /** Without the time in which everything comes to rest. */
    short: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    /** A known-bad change, to see it found. */
    plant: { type: 'string' },
  },
});
const first = Number(values.seed);
const count = Number(values.seeds);
const stormMinutes = values.minutes === undefined ? undefined : Number(values.minutes);
const busyTimes = values.day ? Number(values['busy-times']) : undefined;
const plant: Plant | undefined = plants[values.plant as PlantName];
if (values.plant !== undefined && plant === undefined) throw new Error(`--plant names none of ${Object.keys(plants).join(', ')}`);
if (!(first >= 0 && count >= 1 && (stormMinutes ?? 0) >= 0))
  throw new Error('--seed, --seeds and --minutes must be numbers, and there must be a seed');
if (!((busyTimes ?? leastBusyTimes) >= leastBusyTimes)) throw new Error(`--busy-times must be at least ${leastBusyTimes}`);
/** With the seed, what repeats a world. */
const others = [
  ...(busyTimes === undefined ? [] : [`--day --busy-times ${busyTimes}`]),
  ...(stormMinutes === undefined ? [] : [`--minutes ${stormMinutes}`]),
  ...(values.short ? ['--short'] : []),
  ...(plant ? [`--plant ${values.plant}`] : []),
].join(' ');
const shape = {
  isShort: values.short,
  ...(stormMinutes !== undefined && { stormMinutes }),
  ...(busyTimes !== undefined && { busyTimes }),
};
const progressEveryMs = 10_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const print = values.trace ? (line: string) => void process.stdout.write(line) : undefined;

function tellOf({ seed, trace, simulatedMs, events, starts, acknowledged, faults }: WorldReport, seconds: number): void {
  const minutes = (simulatedMs / 60_000).toFixed(1);
  const kinds = [...faults].map(([name, times]) => `${times} ${name}`).join(', ');
  say(`seed ${seed}: ${minutes} simulated minutes in ${seconds.toFixed(1)} s, ${events} events, trace ${trace}`);
  say(`  ${starts} starts of processes, ${acknowledged} acknowledgements, faults: ${kinds}`);
}

const startedMs = performance.now();
const secondsSince = (ms: number) => (performance.now() - ms) / 1_000;
let [failed, simulatedMs, toldMs] = [0, 0, startedMs];
for (let seed = first; seed < first + count; seed += 1) {
  const begunMs = performance.now();
  const report = await runWorld({ ...shape, seed, ...(plant && { plant }), ...(print && { print }) });
  simulatedMs += report.simulatedMs;
  if (count === 1 || report.violations.length > 0) tellOf(report, secondsSince(begunMs));
  if (report.violations.length > 0) {
    failed += 1;
    for (const violation of report.violations) say(`  ${violation}`);
    say(`  again: node test/simulation/run.ts --seed ${seed} ${others}`);
  }
  if (performance.now() - toldMs < progressEveryMs) continue;
  toldMs = performance.now();
  const heapMiB = (process.memoryUsage().heapUsed / 2 ** 20).toFixed(0);
  say(`${seed - first + 1} of ${count} seeds, ${failed} failed, ${secondsSince(startedMs).toFixed(0)} s, heap ${heapMiB} MiB`);
}
const hoursPerSecond = simulatedMs / 3_600_000 / secondsSince(startedMs);
say(`${count} ${count === 1 ? 'seed' : 'seeds'}, ${failed} failed; ${hoursPerSecond.toFixed(3)} simulated hours a second`);
process.exitCode = failed === 0 ? 0 : 1;
