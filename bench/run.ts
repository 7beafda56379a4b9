/** `npm run bench -- [NAME...]`: runs the named benchmarks, or all, one after another, and prints their figures. */
import { cpus, totalmem } from 'node:os';
import type { Bench, Figure } from './bench.ts';
import { bench as coins } from './coins.ts';
import { bench as errandsLatency } from './errands-latency.ts';
import { bench as errandsMine } from './errands-mine.ts';
import { bench as errandsQueue } from './errands-queue.ts';
import { bench as errandsRush } from './errands-rush.ts';
import { bench as errandsWaiting } from './errands-waiting.ts';
import { bench as firstPaint } from './first-paint.ts';
import { bench as flightsBooking } from './flights-booking.ts';
import { bench as flightsKept } from './flights-kept.ts';
import { bench as flightsLake } from './flights-lake.ts';
import { bench as flightsSearch } from './flights-search.ts';
import { bench as kafka } from './kafka.ts';
import { bench as kafkaClients } from './kafka-clients.ts';
import { bench as liveView } from './live-view.ts';
import { bench as memory } from './memory.ts';
import { bench as rabbitmq } from './rabbitmq.ts';
import { bench as scale } from './scale.ts';
import { bench as shop } from './shop.ts';
import { bench as startUp } from './start-up.ts';
import { bench as stocksEmbedded } from './stocks-embedded.ts';
import { bench as stocksPostgres } from './stocks-postgres.ts';

const benches: readonly Bench[] = [
  stocksEmbedded,
  stocksPostgres,
  memory,
  startUp,
  firstPaint,
  liveView,
  coins,
  shop,
  flightsBooking,
  flightsSearch,
  flightsKept,
  errandsQueue,
  errandsMine,
  errandsLatency,
  errandsWaiting,
  errandsRush,
  flightsLake,
  rabbitmq,
  kafka,
  kafkaClients,
  scale,
];

const names = process.argv.slice(2);
if (names.includes('--help') || names.includes('-h')) {
  console.log('Usage: npm run bench -- [NAME...]\n');
  for (const { name, says } of benches) console.log(`  ${name.padEnd(18)} ${says}`);
  process.exit(0);
}
const unknown = names.find((name) => !benches.some((bench) => bench.name === name));
if (unknown !== undefined) {
  console.error(`There is no benchmark ${unknown}; there are ${benches.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
);
for (const bench of benches) {
  if (names.length > 0 && !names.includes(bench.name)) continue;
  console.log(`\n${bench.name}: ${bench.says}`);
  await bench.run({ progress: (message) => console.error(`  … ${message}`), figure: printFigure });
}

function printFigure({ what, value, unit, aim }: Figure): void {
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  console.log(`  ${what.padEnd(64)} ${value.toFixed(digits).padStart(10)} ${unit.padEnd(10)} ${aim ? `(aim ${aim})` : ''}`);
}
