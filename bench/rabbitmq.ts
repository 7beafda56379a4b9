/** Trades a second through RabbitMQ, publisher and aggregators in separate processes, beside bare frames and the classic way. */
import { fileURLToPath } from 'node:url';
import { emptyRabbitmqPlace } from '../test/engines/rabbitmq-places.ts';
import { type Bench, median, medianRatio } from './bench.ts';
import { peersPerSecond } from './peers.ts';
import type { PeerRole } from './rabbitmq-peers.ts';
import { tapePerSecond } from './tape.ts';

const rounds = 3;
const aggregators = [1, 2, 4];
const warmUpTrades = 3_000_000;
const measuredTrades = 20_000_000;
const classicWarmUpTrades = 12_000;
const classicTrades = 100_000;
const limitMs = 180_000;
const program = fileURLToPath(new URL('./rabbitmq-peers.ts', import.meta.url));

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

async function peers(publisher: PeerRole, consumer: PeerRole, warmUp: number, measured: number): Promise<number> {
  const place = await emptyRabbitmqPlace();
  try {
    return await peersPerSecond({ program, publisher, consumer, url: place.url }, { warmUp, measured }, limitMs);
  } finally {
    await place.remove();
  }
}

async function endToEnd(aggregatorCount: number): Promise<number> {
  const place = await emptyRabbitmqPlace();
  try {
    return await tapePerSecond(place.url, aggregatorCount, { warmUp: warmUpTrades, measured: measuredTrades }, limitMs);
  } finally {
    await place.remove();
  }
}
