/** The subject of the trial of clients: publishes and consumes numbered messages by one client, and reports what it sees. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Consumer as PlatformaticConsumer, Producer as PlatformaticProducer } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';
import type { Stream } from '#core/ports/stream.ts';
import { openKafkaStream } from '#engines/stream/kafka.ts';
import { processHolder } from '#house/process-holder.ts';
import { realClock } from '#house/real-clock.ts';
import { silentLog } from '#testkit/log.ts';

export type ClientName = 'kontor' | 'kafkajs' | 'platformatic';

export interface Order {
  readonly client: ClientName;
  readonly brokers: readonly string[];
  /** The topic, or the prefix of the house's. It exists, with a partition for each position. */
  readonly topic: string;
  /** By partition, the last number published by an earlier subject. */
  readonly published: readonly number[];
  /** By partition, the last number consumed without a hole. */
  readonly consumed: readonly number[];
}

export interface Sight {
  readonly published: readonly number[];
  readonly consumed: readonly number[];
  readonly duplicates: number;
  readonly holes: number;
  readonly uncaught: number;
  readonly lastUncaught: string;
  /** The longest time without a confirmed, and without a consumed message, of any partition since the last `reset`. */
  readonly longestPublishGapMs: number;
  readonly longestConsumeGapMs: number;
}

const pauseMs = 5;
const retryMs = 100;
const reportEveryMs = 50;
const commitEvery = 20;
const body = Buffer.alloc(1_000, 'x');
const warmMs = 1_000;

class Witness {
  readonly published: number[];
  readonly consumed: number[];
  duplicates = 0;
  holes = 0;
  uncaught = 0;
  lastUncaught = '';
  readonly #publishedAtMs: number[];
  readonly #consumedAtMs: number[];
  #publishGapMs = 0;
  #consumeGapMs = 0;

  constructor({ published, consumed }: Order) {
    this.published = [...published];
    this.consumed = [...consumed];
    this.#publishedAtMs = published.map(() => performance.now());
    this.#consumedAtMs = consumed.map(() => performance.now());
  }

  confirmed(partition: number, number: number): void {
    this.published[partition] = number;
    this.#publishGapMs = Math.max(this.#publishGapMs, performance.now() - (this.#publishedAtMs[partition] ?? 0));
    this.#publishedAtMs[partition] = performance.now();
  }

  arrived(partition: number, number: number): void {
    const last = this.consumed[partition] ?? 0;
    if (number <= last) {
      this.duplicates += 1;
      return;
    }
    if (number > last + 1) this.holes += number - last - 1;
    this.consumed[partition] = number;
    this.#consumeGapMs = Math.max(this.#consumeGapMs, performance.now() - (this.#consumedAtMs[partition] ?? 0));
    this.#consumedAtMs[partition] = performance.now();
  }

  reset(): void {
    this.#publishGapMs = 0;
    this.#consumeGapMs = 0;
  }

  sight(): Sight {
    const { published, consumed, duplicates, holes, uncaught, lastUncaught } = this;
    const openGap = (times: readonly number[]) => Math.max(...times.map((atMs) => performance.now() - atMs));
    return {
      published,
      consumed,
      duplicates,
      holes,
      uncaught,
      lastUncaught,
      longestPublishGapMs: Math.max(this.#publishGapMs, openGap(this.#publishedAtMs)),
      longestConsumeGapMs: Math.max(this.#consumeGapMs, openGap(this.#consumedAtMs)),
    };
  }
}

/** Publishes one partition, number by number, each until it is confirmed. */
async function publishAll(witness: Witness, partition: number, send: (number: number) => Promise<void>): Promise<void> {
  for (let number = (witness.published[partition] ?? 0) + 1; ; number += 1) {
    for (;;) {
      try {
        await send(number);
        break;
      } catch {
        await sleep(retryMs);
      }
    }
    witness.confirmed(partition, number);
    await sleep(pauseMs);
  }
}

function runByKafkajs({ brokers, topic }: Order, witness: Witness): void {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, connectionTimeout: 3_000, requestTimeout: 5_000 });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  const consumer = kafka.consumer({ groupId: `${topic}-group`, sessionTimeout: 6_000, heartbeatInterval: 600 });
  void (async () => {
    await producer.connect();
    for (const partition of witness.published.keys())
      void publishAll(witness, partition, async (number) => {
        await producer.send({ topic, acks: -1, messages: [{ partition, key: String(number), value: body }] });
      });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        witness.arrived(partition, Number(message.key));
        if (Number(message.key) % commitEvery !== 0) return;
        await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(message.offset) + 1n) }]).catch(() => {});
      },
    });
  })();
}

/** With few retries, a metadata age of a second, and a new consumer after each error: the best settings known. */
function runByPlatformatic({ brokers, topic }: Order, witness: Witness): void {
  const common = {
    bootstrapBrokers: [...brokers],
    retries: 3,
    retryDelay: 100,
    metadataMaxAge: 1_000,
    connectTimeout: 3_000,
    requestTimeout: 5_000,
  };
  const producer = new PlatformaticProducer({ ...common, clientId: 'trial', idempotent: true, acks: -1 });
  for (const partition of witness.published.keys())
    void publishAll(witness, partition, async (number) => {
      await producer.send({ messages: [{ topic, partition, key: Buffer.from(String(number)), value: body }] });
    });
  void (async () => {
    for (;;) {
      const consumer = new PlatformaticConsumer({
        ...common,
        clientId: 'trial',
        groupId: `${topic}-group`,
        sessionTimeout: 6_000,
        heartbeatInterval: 600,
      });
      try {
        const stream = await consumer.consume({
          topics: [topic],
          autocommit: false,
          mode: 'committed',
          fallbackMode: 'earliest',
          maxWaitTime: 250,
        });
        for await (const message of stream) {
          witness.arrived(message.partition, Number(String(message.key)));
          if (Number(String(message.key)) % commitEvery === 0) void Promise.resolve(message.commit()).catch(() => {});
        }
      } catch {
        await sleep(retryMs);
      }
      await Promise.race([consumer.close(true).catch(() => {}), sleep(2_000)]);
    }
  })();
}

function runByKontor({ brokers, topic }: Order, witness: Witness): void {
  void (async () => {
    const url = `kafka://${brokers.join(',')}/${topic}`;
    const stream: Stream = await openKafkaStream({
      url,
      clock: realClock,
      holder: processHolder(),
      log: silentLog(),
      sessionTimeoutMs: 6_000,
    });
    await stream.declare({ name: 'trial', keepMs: 3_600_000, keepBytes: 1e9, maxBacklogBytes: 1e9 });
    for (const partition of witness.published.keys())
      void publishAll(witness, partition, async (number) => {
        await stream.publish('trial', String(partition), { first: number, count: 1, body });
      });
    await stream.consume('trial', 'group', async ({ partition, frames }) => {
      for (const { first } of frames) witness.arrived(Number(partition), first);
      return 'done';
    });
  })();
}

async function main(order: Order): Promise<void> {
  const witness = new Witness(order);
  process.on('uncaughtException', (error: Error) => {
    witness.uncaught += 1;
    witness.lastUncaught = String(error.stack).split('\n').slice(0, 2).join(' ');
  });
  ({ kontor: runByKontor, kafkajs: runByKafkajs, platformatic: runByPlatformatic })[order.client](order, witness);
  process.on('message', () => witness.reset());
  await sleep(warmMs);
  while (process.connected) {
    process.send?.(witness.sight());
    await sleep(reportEveryMs);
  }
}

if (import.meta.main) {
  process.on('disconnect', () => process.exit(0));
  await main(JSON.parse(process.argv[2] ?? '{}') as Order);
}
