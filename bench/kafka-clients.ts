/** Which client of Kafka keeps going: three nodes, of which one at a time is killed and rejoins, under load. See ADR 0012. */
import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { type KafkaServer, startKafka } from '../tools/engines/kafka.ts';
import { enginesFolder } from '../tools/engines/place.ts';
import type { Bench } from './bench.ts';
import type { ClientName, Order, Sight } from './kafka-clients-subject.ts';

const clients: readonly ClientName[] = ['kontor', 'kafkajs', 'platformatic'];
const kills = Number(process.env.KONTOR_BENCH_KILLS ?? 20);
const partitions = 3;
const stuckAfterMs = 30_000;
const progressMessages = 50;
/** For the followers to be in sync before the next kill. */
const settleMs = 3_000;

interface Tally {
  stuckPublishers: number;
  stuckConsumers: number;
  uncaught: number;
  lost: number;
  duplicates: number;
  longestPublishGapMs: number;
  longestConsumeGapMs: number;
  readonly gaps: number[];
}

export const bench: Bench = {
  name: 'kafka-clients',
  says: `clients of Kafka while a leader is killed and rejoins, ${kills} times each, three nodes`,
  async run({ progress, figure }) {
    const softwareFolder = enginesFolder();
    const folder = path.join(softwareFolder, `bench-kafka-${process.pid}`);
    const server = await startKafka({ folder, softwareFolder, nodes: 3 });
    try {
      for (const client of clients) {
        const tally = await trial(server, client, progress);
        figure({ what: `${client}: acknowledged messages that were lost`, value: tally.lost, unit: '', aim: '0' });
        figure({
          what: `${client}: publishers that were stuck for ${stuckAfterMs / 1_000} s`,
          value: tally.stuckPublishers,
          unit: '',
          aim: '0',
        });
        figure({
          what: `${client}: consumers that were stuck for ${stuckAfterMs / 1_000} s`,
          value: tally.stuckConsumers,
          unit: '',
          aim: '0',
        });
        figure({ what: `${client}: uncaught errors`, value: tally.uncaught, unit: '', aim: '0' });
        figure({ what: `${client}: longest time without a consumed message`, value: tally.longestConsumeGapMs / 1_000, unit: 's' });
        figure({ what: `${client}: longest time without a confirmed message`, value: tally.longestPublishGapMs / 1_000, unit: 's' });
        figure({ what: `${client}: median of the longest times`, value: medianOf(tally.gaps) / 1_000, unit: 's' });
        figure({ what: `${client}: messages consumed again`, value: tally.duplicates, unit: '' });
      }
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

class Subject {
  readonly #child: ChildProcess;
  sight: Sight;

  constructor(order: Order) {
    this.sight = {
      published: order.published,
      consumed: order.consumed,
      duplicates: 0,
      holes: 0,
      uncaught: 0,
      lastUncaught: '',
      longestPublishGapMs: 0,
      longestConsumeGapMs: 0,
    };
    const program = fileURLToPath(new URL('./kafka-clients-subject.ts', import.meta.url));
    this.#child = fork(program, [JSON.stringify(order)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.on('message', (sight) => {
      this.sight = sight as Sight;
    });
  }

  get isDead(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  reset(): void {
    if (!this.isDead) this.#child.send('reset');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Which of the two did not go on in time in every partition. */
  async goesOn(): Promise<{ publisher: boolean; consumer: boolean }> {
    const { published, consumed } = this.sight;
    const untilMs = performance.now() + stuckAfterMs;
    const hasMoved = (from: readonly number[], to: readonly number[]) =>
      from.every((number, index) => (to[index] ?? 0) >= number + progressMessages);
    const state = () => ({ publisher: hasMoved(published, this.sight.published), consumer: hasMoved(consumed, this.sight.consumed) });
    while (performance.now() < untilMs && !this.isDead) {
      const { publisher, consumer } = state();
      if (publisher && consumer) break;
      await sleep(50);
    }
    return state();
  }
}

async function trial(server: KafkaServer, client: ClientName, progress: (message: string) => void): Promise<Tally> {
  const brokers = server.nodes.map(({ port }) => `127.0.0.1:${port}`);
  const topic = `trial-${client}`;
  if (client !== 'kontor') await makeTopic(brokers, topic);
  const none = Array.from({ length: partitions }, () => 0);
  const tally: Tally = {
    stuckPublishers: 0,
    stuckConsumers: 0,
    uncaught: 0,
    lost: 0,
    duplicates: 0,
    longestPublishGapMs: 0,
    longestConsumeGapMs: 0,
    gaps: [],
  };
  let subject = new Subject({ client, brokers, topic, published: none, consumed: none });
  const first = await subject.goesOn();
  if (!first.publisher || !first.consumer) throw new Error(`${client} did not begin`);
  const bookkeep = () => {
    const { holes, duplicates, uncaught, lastUncaught } = subject.sight;
    tally.lost += holes;
    tally.duplicates += duplicates;
    tally.uncaught += uncaught;
    if (uncaught > 0) progress(`${client}: uncaught: ${lastUncaught}`);
  };
  for (let kill = 1; kill <= kills; kill += 1) {
    const leader = await leaderOf(brokers, client === 'kontor' ? `${topic}.trial` : topic, kill % partitions);
    const node = server.nodes.find(({ id }) => id === leader);
    if (!node) throw new Error('a partition has no leader');
    subject.reset();
    await node.kill();
    const without = await subject.goesOn();
    await node.start();
    const rejoined = without.publisher && without.consumer ? await subject.goesOn() : without;
    const { longestPublishGapMs, longestConsumeGapMs } = subject.sight;
    progress(`${client}, kill ${kill}: ${Math.round(longestPublishGapMs)} ms to publish, ${Math.round(longestConsumeGapMs)} ms to consume`);
    tally.longestPublishGapMs = Math.max(tally.longestPublishGapMs, longestPublishGapMs);
    tally.longestConsumeGapMs = Math.max(tally.longestConsumeGapMs, longestConsumeGapMs);
    tally.gaps.push(Math.max(longestPublishGapMs, longestConsumeGapMs));
    if (!rejoined.publisher) tally.stuckPublishers += 1;
    if (!rejoined.consumer) tally.stuckConsumers += 1;
    if (!rejoined.publisher || !rejoined.consumer) {
      progress(
        `${client}, kill ${kill}: stuck: ${rejoined.publisher ? '' : 'publisher '}${rejoined.consumer ? '' : 'consumer'}; starting it anew`,
      );
      bookkeep();
      subject.kill();
      const { published, consumed } = subject.sight;
      subject = new Subject({ client, brokers, topic, published, consumed });
      await subject.goesOn();
    }
    await sleep(settleMs);
  }
  bookkeep();
  subject.kill();
  return tally;
}

async function leaderOf(brokers: readonly string[], topic: string, partition: number): Promise<number | undefined> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.disconnect();
  return topics[0]?.partitions.find(({ partitionId }) => partitionId === partition)?.leader;
}

async function makeTopic(brokers: readonly string[], topic: string): Promise<void> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: partitions, replicationFactor: 3 }] });
  await admin.disconnect();
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}
