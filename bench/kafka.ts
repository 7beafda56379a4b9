/** Trades a second through Kafka, publisher and aggregators in separate processes, beside bare frames and RabbitMQ. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyRabbitmqPlace } from '../test/engines/rabbitmq-places.ts';
import { startKafka } from '../tools/engines/kafka.ts';
import { enginesFolder } from '../tools/engines/place.ts';
import { type Bench, median, medianRatio } from './bench.ts';
import { peersPerSecond } from './peers.ts';
import { tapePerSecond } from './tape.ts';

const rounds = 3;
const trades = { warmUp: 3_000_000, measured: 20_000_000 };
const limitMs = 180_000;
const program = fileURLToPath(new URL('./kafka-peers.ts', import.meta.url));
let places = 0;

export const bench: Bench = {
  name: 'kafka',
  says: 'trades a second, publish → stored batches and bars, through Kafka (one node; processes of their own, State on SQLite)',
  async run(output) {
    const softwareFolder = enginesFolder();
    const folder = path.join(softwareFolder, `bench-kafka-${process.pid}`);
    const server = await startKafka({ folder, softwareFolder, nodes: 1 });
    try {
      await measure(server.url, output);
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function measure(url: string, { progress, figure }: Parameters<Bench['run']>[0]): Promise<void> {
  const emptyPlace = () => {
    places += 1;
    return `${url}/bench-${places}`;
  };
  const bare: number[] = [];
  const rabbitmq: number[] = [];
  const real = new Map([1, 2].map((count) => [count, [] as number[]]));
  for (let round = 1; round <= rounds; round += 1) {
    progress(`round ${round} of ${rounds}: bare frames`);
    bare.push(await peersPerSecond({ program, publisher: 'publisher', consumer: 'consumer', url: emptyPlace() }, trades, limitMs));
    for (const [count, figures] of real) {
      progress(`round ${round} of ${rounds}: the house, ${count} aggregators`);
      figures.push(await tapePerSecond(emptyPlace(), count, trades, limitMs));
    }
    progress(`round ${round} of ${rounds}: the house on RabbitMQ`);
    const place = await emptyRabbitmqPlace();
    rabbitmq.push(await tapePerSecond(place.url, 1, trades, limitMs).finally(() => place.remove()));
  }
  for (const [count, figures] of real) {
    const what = `publish → stored results, ${count} aggregator${count > 1 ? 's' : ''}, all laws hold`;
    figure({ what, value: median(figures) / 1e6, unit: 'M/s', ...(count === 1 ? { aim: '≥ 4' } : {}) });
  }
  const one = real.get(1) ?? [];
  figure({ what: 'limit: the same frames published and consumed, nothing else', value: median(bare) / 1e6, unit: 'M/s' });
  figure({ what: 'ratio', value: medianRatio(one, bare), unit: '', aim: '≥ 0.5' });
  figure({ what: 'beside it: the same on RabbitMQ, 1 aggregator', value: median(rabbitmq) / 1e6, unit: 'M/s' });
}
