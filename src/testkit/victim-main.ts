/** The main program of a victim: it opens an engine, repeats one kind of work until it is killed, and reports each step. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import type { Lake } from '#core/ports/lake.ts';
import type { State } from '#core/ports/state.ts';
import type { Stream } from '#core/ports/stream.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { fastNow, mineOnce } from '#modules/errands/testing/fast-mining.ts';
import { openOrdersWorld } from '#modules/errands/testing/orders-world.ts';
import { openFlightsWorld } from '#modules/flights/testing/flights-world.ts';
import { priceFlights, recordAccesses } from '#modules/flights/testing/lake-victims.ts';
import { cancelOrder } from '#modules/shop/store/orders/order-changes.ts';
import { lampId, openShopWorld, teaId } from '#modules/shop/testing/shop-world.ts';
import type { Results } from '#modules/stocks/ports/results.ts';
import { applicationFor, simulatedRecords } from '#modules/stocks/testing/results-model.ts';
import { manualClock } from './clock.ts';
import { addAccount } from './example-schema.ts';
import { numberedFrame } from './frames.ts';
import { processHolder } from './holder.ts';
import { lakeFileOf } from './lake-files.ts';
import { silentLog } from './log.ts';
import type { Opener, VictimWork } from './victim.ts';

/** Ends a victim that is not killed. */
const maxSteps = 1_000_000;

const clock = manualClock({ flowing: true });
const holder = processHolder('victim');
const log = silentLog();

async function open<Engine>(opener: Opener): Promise<Engine> {
  const options: Record<string, unknown> = { clock, random: seededRandom(process.pid), holder, log };
  for (const [name, value] of Object.entries(opener.options)) {
    options[name] = typeof value === 'object' ? await open(value) : value;
  }
  const module: Record<string, (options: object) => Promise<Engine> | Engine> = await import(opener.module);
  const openEngine = module[opener.name];
  if (openEngine === undefined) throw new Error(`${opener.module} exports no ${opener.name}`);
  return openEngine(options);
}

function report(step: number): void {
  process.send?.(step);
}

async function writeRows(state: State): Promise<void> {
  for (let step = 1; step <= maxSteps; step += 1) {
    await state.write((queries) => addAccount(queries, `row-${step}`, step));
    report(step);
  }
}

async function publish(stream: Stream, topic: string, partition: string): Promise<void> {
  let end = (await stream.end(topic, partition)) ?? 0;
  for (let step = 1; step <= maxSteps; step += 1) {
    await stream.publish(topic, partition, numberedFrame(end + 1, 10));
    end += 10;
    report(end);
  }
}

/** Stores its position durably, as an aggregator does with its result, but never acknowledges. */
async function consume(stream: Stream, work: VictimWork & { kind: 'consume-without-acknowledging' }): Promise<void> {
  await stream.consume(work.topic, work.group, async ({ frames }) => {
    const last = frames.at(-1);
    const position = last === undefined ? 0 : last.first + last.count - 1;
    writeDurably(work.positionFile, String(position));
    report(position);
    return new Promise(() => {});
  });
}

async function createFiles(lake: Lake): Promise<void> {
  for (let step = 1; step <= maxSteps; step += 1) {
    const { path, content } = lakeFileOf(step);
    await lake.create(path, content);
    report(step);
  }
}

function writeDurably(file: string, text: string): void {
  const descriptor = openSync(`${file}.new`, 'w');
  writeSync(descriptor, text);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(`${file}.new`, file);
}

async function applyResults(results: Results, company: string): Promise<void> {
  for (let step = 1; step <= maxSteps; step += 1) {
    const cursor = await results.load(company);
    const application = applicationFor(company, cursor, simulatedRecords(cursor?.position ?? 0, 37), { batchSize: 10 });
    await results.apply(application);
    report(application.cursor.position);
  }
}

/** Orders, refunds and cancels for all customers concurrently, and reports the number of acknowledged orders. */
async function checkOut(state: State, customers: readonly string[]): Promise<void> {
  const world = await openShopWorld(state, { tea: 0, lamps: 0, seed: Date.now() ^ process.pid });
  let acknowledged = 0;
  const shopping = customers.map(async (customer, index) => {
    for (let step = 1; step <= maxSteps; step += 1) {
      await world.fillCart(customer, { [teaId]: 1 + (step % 3), [lampId]: step % 2 });
      const key = `${process.pid}-${Date.now()}-${step}`;
      let answer = await world.order(customer, { key, payment: (step + index) % 5 === 0 ? 'provider' : 'coins' });
      // Kills leave orders unpaid, and nobody has many of them.
      if (answer.outcome === 'unpaid-orders' || answer.outcome === 'unpaid-today')
        answer = await world.order(customer, { key: `${key}-coins`, payment: 'coins' });
      if (answer.outcome !== 'ordered') throw new Error(`${customer} was refused: ${JSON.stringify(answer)}`);
      acknowledged += 1;
      report(acknowledged);
      const context = { ...world.context(), by: customer };
      const { orderId } = answer;
      if (step % 3 === 0) await state.write((queries) => cancelOrder(queries, orderId, 'changed my mind', context));
    }
  });
  await Promise.all(shopping);
}

/** Asks for prices, books and cancels for all customers concurrently, and reports the number of acknowledged bookings. */
async function bookFlights(state: State, { customers, flights }: VictimWork & { kind: 'book-flights' }): Promise<void> {
  const world = await openFlightsWorld(state, { seed: Date.now() ^ process.pid });
  let acknowledged = 0;
  const travelling = customers.map(async (customer, index) => {
    for (let step = 1; step <= maxSteps; step += 1) {
      const flightIds = [flights[(step + index) % flights.length] ?? ''];
      const quote = await world.ask({ holder: `account:${customer}`, flightIds, passengers: 1 + (step % 3) });
      if (quote.outcome === 'few-seats') continue;
      if (quote.outcome === 'too-many') {
        // Kills leave quotes open: time passes until they expire, also for the other customers.
        await world.clock.advance(quote.nextExpiryAt - world.clock.now());
        continue;
      }
      if (quote.outcome !== 'quoted') throw new Error(`${customer} got no price: ${JSON.stringify(quote)}`);
      const answer = await world.book(customer, quote.quote, { key: `${process.pid}-${Date.now()}-${step}` });
      if (answer.outcome === 'few-seats' || answer.outcome === 'quote-expired') continue;
      if (answer.outcome !== 'booked') throw new Error(`${customer} was refused: ${JSON.stringify(answer)}`);
      acknowledged += 1;
      report(acknowledged);
      if (step % 2 === 0) await world.cancel(customer, answer.bookingId, quote.quote.total);
    }
  });
  await Promise.all(travelling);
}

/** Reports how many of its answers were accepted. */
async function mine(state: State, { miner, time }: Extract<VictimWork, { kind: 'mine' }>): Promise<void> {
  const random = seededRandom(process.pid);
  let accepted = 0;
  for (let step = 0; step < maxSteps; step += 1) {
    accepted += await mineOnce(state, miner, { now: fastNow(time, clock.now()), random });
    report(accepted);
  }
}

/** As a scheduler of errands does, and reports how many runs it made. */
async function makeErrands(state: State): Promise<void> {
  const world = await openOrdersWorld(state, { seed: Date.now() ^ process.pid, clock });
  let made = 0;
  for (let step = 1; step <= maxSteps; step += 1) {
    made += (await world.round()).runs;
    report(made);
  }
}

async function run(work: VictimWork): Promise<void> {
  switch (work.kind) {
    case 'write-rows':
      return writeRows(await open(work.opener));
    case 'publish':
      return publish(await open(work.opener), work.topic, work.partition);
    case 'consume-without-acknowledging':
      return consume(await open(work.opener), work);
    case 'create-files':
      return createFiles(await open(work.opener));
    case 'apply-results':
      return applyResults(await open(work.opener), work.company);
    case 'check-out':
      return checkOut(await open(work.opener), work.customers);
    case 'book-flights':
      return bookFlights(await open(work.opener), work);
    case 'make-runs':
      return makeErrands(await open(work.opener));
    case 'mine':
      return mine(await open(work.opener), work);
    case 'record-accesses':
      return recordAccesses(await open(work.opener), work.folder, work.flights, report);
    case 'price-flights':
      return priceFlights(await open(work.opener), work.folder, report);
  }
}

// The test has ended and cannot kill this process any more.
process.on('disconnect', () => process.exit(0));
process.once('message', (work) => void run(work as VictimWork));
