/**
 * Sends batches of records to the leaders of their partitions, all that wait for a broker in one request. A batch has a
 * sequence number under the producer's id, so that Kafka stores it once, however often it is sent.
 */
import { initProducerIdV4, type MessageRecord, NumericMap, produceV9, ResponseError } from '@platformatic/kafka';
import { KontorError } from '#core/errors.ts';
import type { KafkaLink } from './kafka-link.ts';

export interface SentBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly MessageRecord[];
  readonly bytes: number;
  /** The number of its first record among those of the partition under this producer's id. */
  readonly sequence: number;
}

export interface Producer {
  readonly id: bigint;
  readonly epoch: number;
}

/** What Kafka answered for a batch: where it is, or the number of the error. */
export interface BatchAnswer {
  readonly errorCode: number;
  readonly offset: bigint;
}

interface Queued {
  readonly batch: SentBatch;
  readonly producer: Producer;
  resolve(answer: BatchAnswer): void;
  reject(error: unknown): void;
}

const maxRequestBytes = 8 * 1_024 * 1_024;
const ackOfAll = -1;
/** How long a leader waits for its copies. */
const copyTimeoutMs = 4_000;

export class KafkaSender {
  readonly #link: KafkaLink;
  readonly #queues = new Map<number, Queued[]>();
  readonly #busy = new Set<number>();
  #producer: Promise<Producer> | undefined;

  constructor(link: KafkaLink) {
    this.#link = link;
  }

  producer(): Promise<Producer> {
    this.#producer ??= this.#newProducer();
    return this.#producer;
  }

  /** Kafka does not accept this producer's numbers any more. */
  replaceProducer(): void {
    this.#producer = undefined;
  }

  /** Rejects when there was no answer: the batch may be stored or not. */
  async send(batch: SentBatch, producer: Producer): Promise<BatchAnswer> {
    const leader = await this.#link.leaderOf(batch.topic, batch.partition);
    const { promise, resolve, reject } = Promise.withResolvers<BatchAnswer>();
    const queue = this.#queues.get(leader) ?? [];
    this.#queues.set(leader, queue);
    queue.push({ batch, producer, resolve, reject });
    if (!this.#busy.has(leader)) void this.#work(leader, queue);
    return promise;
  }

  async #work(leader: number, queue: Queued[]): Promise<void> {
    this.#busy.add(leader);
    // Those that are sent in the same turn of the event loop go together.
    await new Promise<void>((resume) => setImmediate(resume));
    while (queue.length > 0) await this.#sendNext(leader, queue);
    this.#busy.delete(leader);
  }

  async #sendNext(leader: number, queue: Queued[]): Promise<void> {
    const [{ producer } = { producer: undefined }] = queue;
    let bytes = 0;
    let count = 0;
    for (const one of queue) {
      bytes += one.batch.bytes;
      if (one.producer !== producer || (count > 0 && bytes > maxRequestBytes)) break;
      count += 1;
    }
    const taken = queue.splice(0, count);
    try {
      const answer = await this.#request(leader, producer as Producer, taken);
      for (const one of taken) one.resolve(answerFor(answer, one.batch));
    } catch (error) {
      for (const one of taken) one.reject(error);
    }
  }

  async #request(leader: number, producer: Producer, taken: readonly Queued[]): Promise<produceV9.ProduceResponse> {
    const records: MessageRecord[] = [];
    const sequences = new NumericMap();
    for (const { batch } of taken) {
      for (const record of batch.records) records.push(record);
      sequences.set(`${batch.topic}:${batch.partition}`, batch.sequence);
    }
    const options = { producerId: producer.id, producerEpoch: producer.epoch, sequences };
    try {
      const answer = await this.#link.call(leader, 'write', produceV9.api, ackOfAll, copyTimeoutMs, records, options);
      if (typeof answer === 'boolean') throw new KontorError('unavailable', 'Kafka did not answer');
      return answer;
    } catch (error) {
      if (error instanceof ResponseError) return error.response as produceV9.ProduceResponse;
      throw error;
    }
  }

  async #newProducer(): Promise<Producer> {
    try {
      const { producerId, producerEpoch } = await this.#link.callAny(initProducerIdV4.api, null, 60_000);
      return { id: producerId, epoch: producerEpoch };
    } catch (error) {
      this.#producer = undefined;
      throw error;
    }
  }
}

function answerFor({ responses }: produceV9.ProduceResponse, { topic, partition }: SentBatch): BatchAnswer {
  const own = responses.find(({ name }) => name === topic)?.partitionResponses.find(({ index }) => index === partition);
  if (!own) throw new KontorError('unavailable', `Kafka answered nothing for ${topic}/${partition}`);
  return { errorCode: own.errorCode, offset: own.baseOffset };
}
