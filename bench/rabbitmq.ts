/** Trades a second through RabbitMQ, publisher and aggregators in separate processes, beside bare frames and the classic way. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { emptyRabbitmqPlace } from '../test/engines/rabbitmq-places.ts';
import { type Bench, median, medianRatio } from './bench.ts';
import { type BenchHouse, bulkMode, countedPerSecond, startHouse } from './house.ts';
import { type PeerRole, startPeer } from './rabbitmq-peers.ts';

const rounds = 3;
const aggregators = [1, 2, 4];
const warmUpTrades = 3_000_000;
const measuredTrades = 20_000_000;
const classicWarmUpTrades = 12_000;
const classicTrades = 100_000;
const limitMs = 180_000;
const kontor = fileURLToPath(new URL('../bin/kontor.js', import.meta.url));

export const bench: Bench = {
  name: 'rabbitmq',
  says: 'trades a second, publish → stored batches and bars, through RabbitMQ (processes of their own, State on SQLite)',
  async run({ progress, figure }) {
    const raw: number[] = [];
    const classic: number[] = [];
    const real = new Map(aggregators.map((count) => [count, [] as number[]]));
    for (let round = 1; round <= rounds; round += 1) {
      progress(`round ${round} of ${rounds}: bare frames`);
      raw.push(await peers('raw-publisher', 'raw-consumer', warmUpTrades, measuredTrades));
      progress(`round ${round} of ${rounds}: a JSON message a trade`);
      classic.push(await peers('classic-publisher', 'classic-consumer', classicWarmUpTrades, classicTrades));
      for (const count of aggregators) {
        progress(`round ${round} of ${rounds}: the house, ${count} aggregators`);
        real.get(count)?.push(await endToEnd(count));
      }
    }
    for (const count of aggregators) {
      const what = `publish → stored results, ${count} aggregator${count > 1 ? 's' : ''}, all laws hold`;
      figure({ what, value: median(real.get(count) ?? []) / 1e6, unit: 'M/s', ...(count === 1 ? { aim: '≥ 4' } : {}) });
    }
    const one = real.get(1) ?? [];
    figure({ what: 'limit: the same frames published and consumed, nothing else', value: median(raw) / 1e6, unit: 'M/s' });
    figure({ what: 'ratio', value: medianRatio(one, raw), unit: '', aim: '≥ 0.5' });
    figure({ what: 'peer: one JSON message a trade, acknowledged each 1,000', value: median(classic) / 1e6, unit: 'M/s' });
    figure({ what: 'ratio', value: medianRatio(one, classic), unit: '', aim: '≥ 100' });
  },
};

async function peers(publishes: PeerRole, consumes: PeerRole, warmUp: number, measured: number): Promise<number> {
  const place = await emptyRabbitmqPlace();
  const consumer = startPeer(consumes, place.url);
  // One after the other: RabbitMQ 3.10 may fail when two declare the same queue at the same moment.
  await consumer.ready;
  const publisher = startPeer(publishes, place.url);
  try {
    const from = await untilPeerCounted(consumer.counted, warmUp);
    const to = await untilPeerCounted(consumer.counted, from.trades + measured);
    return (to.trades - from.trades) / ((to.atMs - from.atMs) / 1_000);
  } finally {
    await publisher.stop();
    await consumer.stop();
    await place.remove();
  }
}

async function untilPeerCounted(counted: () => number, target: number): Promise<{ trades: number; atMs: number }> {
  const startedMs = performance.now();
  while (counted() < target) {
    if (performance.now() - startedMs > limitMs) throw new Error(`${target} trades were not consumed within ${limitMs} ms`);
    await setTimeout(10);
  }
  return { trades: counted(), atMs: performance.now() };
}

async function endToEnd(aggregatorCount: number): Promise<number> {
  const place = await emptyRabbitmqPlace();
  const houses: BenchHouse[] = [];
  const start = async (role: string) => {
    const shared = houses[0] ? { DATA_DIR: houses[0].folder } : {};
    const env = { ...shared, ...bulkMode, STREAM_URL: place.url, STOCKS_MAX_BACKLOG_BYTES: '4194304' };
    const house = await startHouse(['run', role], env);
    houses.push(house);
    return house;
  };
  try {
    const first = await start('stocks-aggregator');
    for (let more = 1; more < aggregatorCount; more += 1) await start('stocks-aggregator');
    const publisher = await start('stocks-publisher');
    const results = await first.results();
    const perSecond = await countedPerSecond(results, { warmUp: warmUpTrades, measured: measuredTrades }, limitMs);
    // While the aggregators still run, so that they take the frames in flight.
    await publisher.stop();
    houses.pop();
    await checkLaws(first.folder, place.url);
    return perSecond;
  } finally {
    // All use the folder of the first one.
    for (const house of houses.reverse()) await house.stop();
    await place.remove();
  }
}

/** Asserts that every batch has a thousand trades, that none is missing or counted twice, and that they equal the published ones. */
async function checkLaws(folder: string, streamUrl: string): Promise<void> {
  const env = { ...process.env, DATA_DIR: folder, STREAM_URL: streamUrl, LOG_LEVEL: 'error' };
  const audit = spawn(process.execPath, [kontor, 'audit'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let table = '';
  audit.stdout.on('data', (piece) => {
    table += piece;
  });
  const [code] = (await once(audit, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the books do not balance after the run:\n${table}`);
}
