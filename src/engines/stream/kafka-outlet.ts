/**
 * Publishes one partition to Kafka: a batch of frames at a time, in order. A batch whose outcome is unknown is sent again,
 * unchanged, before anything else, until Kafka answers: Kafka stores it once. See kafka-sender.ts.
 */
import { protocolErrorsCodesById } from '@platformatic/kafka';
import { backoffMs } from '#core/backoff.ts';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Frame, PublishOutcome } from '#core/ports/stream.ts';
import { isRefusal, kafkaError } from './kafka-errors.ts';
import { type Mark, recordOf } from './kafka-frames.ts';
import { topicName } from './kafka-layout.ts';
import type { KafkaLink } from './kafka-link.ts';
import { KafkaLog, type LogPlace } from './kafka-log.ts';
import type { KafkaPositions } from './kafka-positions.ts';
import type { KafkaRegistry } from './kafka-registry.ts';
import { pauses } from './kafka-retry.ts';
import type { KafkaSender, Producer, SentBatch } from './kafka-sender.ts';

export interface OutletOptions {
  readonly link: KafkaLink;
  readonly registry: KafkaRegistry;
  readonly sender: KafkaSender;
  readonly positions: (topic: string) => KafkaPositions;
  readonly clock: Clock;
  readonly log: Log;
  readonly publishTimeoutMs: number;
}

interface Pending {
  readonly frame: Frame;
  readonly untilMs: number;
  isSettled: boolean;
  resolve(outcome: PublishOutcome): void;
  reject(error: KontorError): void;
}

/** Sent, and not known to be stored. */
interface InDoubt {
  readonly pending: readonly Pending[];
  readonly batch: SentBatch;
  readonly producer: Producer;
  readonly after: Mark;
}

const maxBatchBytes = 1_048_576;
const maxBatchFrames = 1_000;
const fullPollMs = 30;
/** How long `close` waits for the last batch. */
const lastAnswerMs = 2_000;
const duplicateSequence = 'DUPLICATE_SEQUENCE_NUMBER';
const producerErrors = ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID', 'INVALID_PRODUCER_EPOCH', 'INVALID_PRODUCER_ID_MAPPING'];
const movedErrors = ['NOT_LEADER_OR_FOLLOWER', 'UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'FENCED_LEADER_EPOCH'];

export class KafkaOutlet {
  readonly #topic: string;
  readonly #partition: string;
  readonly #options: OutletOptions;
  readonly #closing = new AbortController();
  /** Not sent yet, in publishing order. */
  #waiting: Pending[] = [];
  #inDoubt: InDoubt | undefined;
  #log: KafkaLog | undefined;
  /** Undefined when it must be read. */
  #end: LogPlace | undefined;
  #acknowledgedBytes = 0;
  #producer: Producer | undefined;
  #sequence = 0;
  #failure: KontorError | undefined;
  #failures = 0;
  #isFull = false;
  #running: Promise<void> | undefined;

  constructor(topic: string, partition: string, options: OutletOptions) {
    this.#topic = topic;
    this.#partition = partition;
    this.#options = options;
  }

  publish(frame: Frame): Promise<PublishOutcome> {
    const { clock, publishTimeoutMs } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<PublishOutcome>();
    this.#waiting.push({ frame, untilMs: clock.monotonicMs() + publishTimeoutMs, isSettled: false, resolve, reject });
    this.#running ??= this.#run();
    return promise;
  }

  /** Called periodically: rejects frames that waited for too long. */
  tick(): void {
    const { clock, publishTimeoutMs } = this.#options;
    const nowMs = clock.monotonicMs();
    for (const pending of this.#inDoubt?.pending ?? []) {
      if (pending.untilMs < nowMs) settle(pending, unknownOutcome(`Kafka did not confirm it within ${publishTimeoutMs} ms`));
    }
    // Frames behind it would leave a hole.
    if ((this.#waiting[0]?.untilMs ?? nowMs) < nowMs) this.#rejectWaiting(this.#whyNotSent());
  }

  async close(): Promise<void> {
    const { clock } = this.#options;
    this.#rejectWaiting(new KontorError('unavailable', 'The stream is closed'));
    const untilMs = clock.monotonicMs() + lastAnswerMs;
    while (this.#inDoubt && clock.monotonicMs() < untilMs) await clock.sleep(5);
    this.#closing.abort();
    for (const pending of this.#inDoubt?.pending ?? []) settle(pending, unknownOutcome('the stream was closed before Kafka confirmed it'));
    // It ends when the connections are closed.
    void this.#running;
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#closing;
    // Frames that are published in the same turn of the event loop go together.
    await Promise.resolve();
    while ((this.#waiting.length > 0 || this.#inDoubt) && !signal.aborted) {
      try {
        this.#inDoubt ??= await this.#nextBatch();
        if (this.#inDoubt) await this.#send(this.#inDoubt);
        else if (this.#isFull) await clock.sleep(fullPollMs, signal);
        this.#failures = 0;
        this.#failure = undefined;
      } catch (error) {
        this.#failed(kafkaError(error));
        await clock.sleep(backoffMs(this.#failures, pauses), signal);
      }
    }
    this.#running = undefined;
  }

  /** The next frames to send; undefined when there are none, or the partition is full. Frames that need not be sent are answered. */
  async #nextBatch(): Promise<InDoubt | undefined> {
    const log = await this.#opened();
    if (!log) return undefined;
    const producer = await this.#options.sender.producer();
    if (producer !== this.#producer) this.#sequence = 0;
    this.#producer = producer;
    const end = this.#end ?? (await log.end());
    this.#end = end;
    let after = end.mark;
    let isEndFresh = false;
    const taken: Pending[] = [];
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const { first, count, body } = next.frame;
      const isDuplicate = first + count - 1 <= after.record;
      const isNext = first === after.record + 1;
      // Another process may have published in between: a gap is reported only after reading the end.
      if (!isNext && !isDuplicate && taken.length > 0) break;
      if (!isNext && !isDuplicate && !isEndFresh) {
        isEndFresh = true;
        this.#end = await log.end();
        after = this.#end.mark;
        continue;
      }
      if (!isNext) {
        this.#waiting.shift();
        settle(next, isDuplicate ? 'duplicate' : 'gap');
        continue;
      }
      const bytes = after.bytes + body.length;
      const isFullBatch = taken.length >= maxBatchFrames || (taken.length > 0 && bytes - this.#end.mark.bytes > maxBatchBytes);
      if (isFullBatch) break;
      if (!(await this.#hasRoomFor(after.bytes, body.length, log))) break;
      if (this.#waiting[0] !== next) break;
      this.#waiting.shift();
      taken.push(next);
      after = { record: first + count - 1, bytes };
    }
    return taken.length === 0 ? undefined : this.#batchOf(taken, log, producer, this.#end.mark, after);
  }

  #batchOf(taken: readonly Pending[], log: KafkaLog, producer: Producer, from: Mark, after: Mark): InDoubt {
    const nowMs = this.#options.clock.now();
    let mark = from;
    const records = taken.map(({ frame }) => {
      mark = { record: frame.first + frame.count - 1, bytes: mark.bytes + frame.body.length };
      return recordOf(log.topic, log.partition, frame, mark, nowMs);
    });
    const batch = { topic: log.topic, partition: log.partition, records, bytes: after.bytes - from.bytes, sequence: this.#sequence };
    return { pending: taken, batch, producer, after };
  }

  /** The partition's log; undefined when the first frame cannot be that of a new partition. */
  async #opened(): Promise<KafkaLog | undefined> {
    if (this.#log) return this.#log;
    const { link, registry } = this.#options;
    const { prefix } = link.address;
    const known = await registry.lookUp(this.#topic, this.#partition);
    while (known === undefined && (this.#waiting[0]?.frame.first ?? 1) !== 1) {
      const early = this.#waiting.shift();
      if (early) settle(early, 'gap');
    }
    if (this.#waiting.length === 0) return undefined;
    const number = await registry.ensuredNumber(this.#topic, this.#partition);
    this.#log = new KafkaLog(link, topicName(prefix, this.#topic), number);
    return this.#log;
  }

  async #hasRoomFor(publishedBytes: number, bytes: number, { partition }: KafkaLog): Promise<boolean> {
    const fits = () =>
      publishedBytes <= this.#acknowledgedBytes || publishedBytes + bytes - this.#acknowledgedBytes <= this.#maxBacklogBytes;
    this.#isFull = this.#isFull && !fits();
    if (fits()) return true;
    const slowest = await this.#options.positions(this.#topic).slowest(partition);
    this.#acknowledgedBytes = slowest.mark.bytes;
    this.#isFull = !fits();
    return !this.#isFull;
  }

  async #send(doubtful: InDoubt): Promise<void> {
    const { sender, link } = this.#options;
    const { batch, producer, pending } = doubtful;
    const sending = sender.send(batch, producer);
    const { errorCode, offset } = await sending.catch((error: unknown) => {
      link.forgetLeaders(batch.topic);
      throw error;
    });
    const name = errorCode === 0 ? '' : nameOf(errorCode);
    if (name === '' || name === duplicateSequence) return this.#stored(doubtful, name === '' ? offset : undefined);
    if (movedErrors.includes(name)) link.forgetLeaders(batch.topic);
    if (producerErrors.includes(name)) {
      sender.replaceProducer();
      await this.#sort(doubtful);
      return;
    }
    const failure = kafkaError(new KontorError(isRefusal(name) ? 'too_large' : 'unavailable', `${this.#name}: Kafka answered ${name}`));
    if (isRefusal(name)) {
      for (const one of pending) settle(one, failure);
      this.#inDoubt = undefined;
    }
    throw failure;
  }

  #stored({ pending, batch, after }: InDoubt, offset: bigint | undefined): void {
    this.#inDoubt = undefined;
    this.#sequence += batch.records.length;
    // Elsewhere than expected: another process publishes, too, and the end must be read.
    const isExpected = offset !== undefined && offset === this.#end?.offset;
    this.#end = isExpected ? { offset: offset + BigInt(batch.records.length), mark: after } : undefined;
    for (const one of pending) settle(one, 'published');
  }

  /** Reads how far the frames of a batch were stored. The rest is sent again under another producer's id. */
  async #sort({ pending }: InDoubt): Promise<void> {
    const end = await this.#log?.end();
    if (!end) return;
    this.#inDoubt = undefined;
    this.#end = end;
    const isStored = ({ frame }: Pending) => frame.first + frame.count - 1 <= end.mark.record;
    for (const one of pending) if (isStored(one)) settle(one, 'published');
    this.#waiting = [...pending.filter((one) => !isStored(one) && !one.isSettled), ...this.#waiting];
  }

  #failed(error: KontorError): void {
    this.#options.log.debug({ err: error, partition: this.#name }, 'frames of this partition cannot be published; retrying');
    this.#failure = error;
    this.#failures += 1;
    // A permanent refusal: waiting does not help.
    if (!error.retryable || error.code === 'overloaded') this.#rejectWaiting(error);
  }

  #rejectWaiting(error: KontorError): void {
    for (const pending of this.#waiting.splice(0)) settle(pending, error);
  }

  get #name(): string {
    return `${this.#topic}/${this.#partition}`;
  }

  /** Read each time, so that changed limits apply to waiting frames, too. */
  get #maxBacklogBytes(): number {
    return this.#options.registry.topic(this.#topic)?.topic.maxBacklogBytes ?? 0;
  }

  #whyNotSent(): KontorError {
    if (this.#failure) return this.#failure;
    const behind = (this.#end?.mark.bytes ?? 0) - this.#acknowledgedBytes;
    if (this.#isFull) return new KontorError('overloaded', `${this.#name}: its consumers are ${behind} bytes behind`);
    return new KontorError(
      'unavailable',
      `${this.#name}: Kafka has not accepted earlier frames within ${this.#options.publishTimeoutMs} ms`,
    );
  }
}

function settle(pending: Pending, result: PublishOutcome | KontorError): void {
  if (pending.isSettled) return;
  pending.isSettled = true;
  if (result instanceof KontorError) pending.reject(result);
  else pending.resolve(result);
}

function nameOf(errorCode: number): string {
  return (protocolErrorsCodesById as Readonly<Record<number, string>>)[errorCode] ?? `the error ${errorCode}`;
}

function unknownOutcome(why: string): KontorError {
  return new KontorError('unavailable', `${why}: the frame may be stored or not; publishing it again is safe`);
}
