/**
 * Publishes one partition to RabbitMQ, on a separate channel: sends frames in order and waits for RabbitMQ to confirm that a
 * majority of its nodes stored each. Frames in flight when a channel is lost may have been stored: they are sent again, and
 * consumers drop duplicates by sequence number.
 */
import type { ConfirmChannel, Message } from 'amqplib';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import type { Frame } from '#core/ports/stream.ts';
import { withinTime } from '#core/within-time.ts';
import { BacklogEstimate } from './backlog-estimate.ts';
import { declarePartition, exchangeOf, waitingFrames } from './rabbitmq-layout.ts';
import { answerTimeoutMs, type OpenChannel, type RabbitmqLink, withChannels } from './rabbitmq-link.ts';
import type { RabbitmqRegistry } from './rabbitmq-registry.ts';

export interface OutletOptions {
  readonly link: RabbitmqLink;
  readonly registry: RabbitmqRegistry;
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  readonly log: Log;
  readonly publishTimeoutMs: number;
}

interface Pending {
  readonly frame: Frame;
  readonly untilMs: number;
  resolve(): void;
  reject(error: KontorError): void;
}

/** Limits on frames sent and not yet confirmed. */
const maxUnconfirmedBytes = 4 * 1_024 * 1_024;
const maxUnconfirmedFrames = 200;
const fullPollMs = 30;
/** How long `close` waits for confirmations. */
const lastConfirmationsMs = 2_000;
/**
 * The share of `publishTimeoutMs` after which an unconfirmed frame is sent again on a new channel: a queue that was electing
 * a leader may have missed it, and the old channel would never confirm it.
 */
const resendShare = 0.4;

export class RabbitmqOutlet {
  readonly #topic: string;
  readonly #partition: string;
  readonly #options: OutletOptions;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  readonly #backlog = new BacklogEstimate();
  /** Frames not sent yet, or to be sent again; in publishing order. */
  readonly #waiting: Pending[] = [];
  /** With the time of sending. */
  readonly #unconfirmed = new Map<Pending, number>();
  #unconfirmedBytes = 0;
  /** First sequence numbers of frames that RabbitMQ could not route to a queue. */
  readonly #returned = new Set<number>();
  #failure: KontorError | undefined;
  /** Ends the current channel. */
  #giveUpChannel: (why: string) => void = () => {};
  #ring: () => void = () => {};

  constructor(topic: string, partition: string, options: OutletOptions) {
    this.#topic = topic;
    this.#partition = partition;
    this.#options = options;
    const { link, clock, random } = options;
    this.#running = withChannels({
      link,
      clock,
      random,
      signal: this.#closing.signal,
      open: (session) => session.openConfirmChannel(),
      use: (open) => this.#sendOn(open),
      onError: (error) => this.#failed(error),
    });
  }

  /** Resolves when the frame is durable in the queue of every group. */
  publish(frame: Frame): Promise<void> {
    const { clock, publishTimeoutMs } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ frame, untilMs: clock.monotonicMs() + publishTimeoutMs, resolve, reject });
    this.#ring();
    return promise;
  }

  /** Called periodically: rejects frames that waited for too long, and resumes after an alarm. */
  tick(): void {
    const { clock, link, publishTimeoutMs } = this.#options;
    const nowMs = clock.monotonicMs();
    const [oldestSentMs = nowMs] = this.#unconfirmed.values();
    if (nowMs - oldestSentMs > publishTimeoutMs * resendShare && link.current?.alarm === undefined)
      this.#giveUpChannel('it did not confirm a frame in time');
    for (const pending of this.#unconfirmed.keys()) {
      if (pending.untilMs < nowMs)
        this.#forget(pending).reject(unknownOutcome(`RabbitMQ did not confirm it within ${publishTimeoutMs} ms`));
    }
    // Frames behind it would leave a hole.
    if ((this.#waiting[0]?.untilMs ?? nowMs) < nowMs) this.#rejectWaiting(this.#whyNotSent());
    if (this.#waiting.length > 0) this.#ring();
  }

  async close(): Promise<void> {
    const { clock, link } = this.#options;
    this.#rejectWaiting(new KontorError('unavailable', 'The stream is closed'));
    const untilMs = clock.monotonicMs() + lastConfirmationsMs;
    while (this.#unconfirmed.size > 0 && link.current && clock.monotonicMs() < untilMs) await clock.sleep(1);
    this.#closing.abort();
    this.#ring();
    await this.#running;
    this.#rejectWaiting(unknownOutcome('the stream was closed before RabbitMQ confirmed it'));
  }

  async #sendOn({ channel, session, lost }: OpenChannel<ConfirmChannel>): Promise<void> {
    const { clock } = this.#options;
    const givenUp = new AbortController();
    const ended = AbortSignal.any([lost, givenUp.signal, this.#closing.signal]);
    let clogged = false;
    this.#giveUpChannel = (why) =>
      givenUp.abort(new KontorError('unavailable', `${this.#name}: opening a new channel to RabbitMQ, because ${why}`));
    ended.addEventListener('abort', () => this.#ring());
    channel.on('drain', () => {
      clogged = false;
      this.#ring();
    });
    // `return` comes before the confirmation of the same frame.
    channel.on('return', ({ properties }: Message) => this.#returned.add(properties.headers?.first));
    this.#backlog.forget();
    try {
      while (!ended.aborted) {
        const rung = new Promise<void>((resolve) => {
          this.#ring = resolve;
        });
        const [next] = this.#waiting;
        if (!next || clogged || this.#isWindowFull || session.alarm !== undefined) {
          await rung;
        } else if (!this.#backlog.hasRoomFor(next.frame, this.#maxBacklogBytes)) {
          await this.#measureBacklog(channel, session.serverVersion);
          if (!this.#backlog.hasRoomFor(next.frame, this.#maxBacklogBytes)) await clock.sleep(fullPollMs, ended);
        } else {
          this.#waiting.shift();
          clogged = !this.#write(channel, next);
        }
      }
    } finally {
      this.#giveUpChannel = () => {};
      for (const pending of this.#unconfirmed.keys()) this.#giveBack(pending);
    }
    if (!this.#closing.signal.aborted) throw ended.reason;
  }

  get #name(): string {
    return `${this.#topic}/${this.#partition}`;
  }

  get #isWindowFull(): boolean {
    return this.#unconfirmed.size >= maxUnconfirmedFrames || this.#unconfirmedBytes >= maxUnconfirmedBytes;
  }

  /** Read each time, so that changed limits apply to waiting frames, too. */
  get #maxBacklogBytes(): number {
    return this.#options.registry.topic(this.#topic)?.topic.maxBacklogBytes ?? 0;
  }

  /** Counts the frames in the partition's queues; the first time on a channel, declares them. */
  async #measureBacklog(channel: ConfirmChannel, serverVersion: string): Promise<void> {
    const { clock, registry } = this.#options;
    const topic = this.#topic;
    const partition = this.#partition;
    let known = await registry.declaredTopic(topic);
    const declare = () => withinTime(clock, answerTimeoutMs, declarePartition(channel, serverVersion, known, partition));
    if (this.#backlog.bytes === undefined) await declare();
    if (!known.partitions.has(partition)) {
      // Announced to consumers after its queue exists: RabbitMQ 3.10 may fail when two declare the same queue at the same moment.
      await registry.add({ kind: 'partition', topic, partition });
      known = await registry.declaredTopic(topic);
      // For groups that joined in between and did not know the partition.
      await declare();
    }
    this.#backlog.counted(await withinTime(clock, answerTimeoutMs, waitingFrames(channel, serverVersion, known, partition)));
    this.#failure = undefined;
  }

  /** False when the channel's buffer is full. */
  #write(channel: ConfirmChannel, pending: Pending): boolean {
    const { first, count, body } = pending.frame;
    const content = Buffer.from(body.buffer, body.byteOffset, body.length);
    const options = { mandatory: true, persistent: true, headers: { first, count } };
    this.#unconfirmed.set(pending, this.#options.clock.monotonicMs());
    this.#unconfirmedBytes += body.length;
    this.#backlog.sent(pending.frame);
    return channel.publish(exchangeOf(this.#topic), this.#partition, content, options, (error) => this.#settle(pending, error === null));
  }

  #settle(pending: Pending, stored: boolean): void {
    const returned = this.#returned.delete(pending.frame.first);
    if (!this.#unconfirmed.has(pending)) return;
    if (stored && !returned) this.#forget(pending).resolve();
    // The queue has no leader or is gone: a new channel declares it again.
    else this.#giveUpChannel('it refused a frame');
    this.#ring();
  }

  #forget(pending: Pending): Pending {
    if (this.#unconfirmed.delete(pending)) this.#unconfirmedBytes -= pending.frame.body.length;
    return pending;
  }

  /** Puts a frame that may not have been stored back in its place for sending again. */
  #giveBack(pending: Pending): void {
    this.#forget(pending);
    const before = this.#waiting.findIndex(({ frame }) => frame.first > pending.frame.first);
    this.#waiting.splice(before === -1 ? this.#waiting.length : before, 0, pending);
  }

  #failed(error: KontorError): void {
    this.#options.log.debug({ err: error, partition: this.#name }, 'frames of this partition cannot be published; retrying');
    this.#failure = error;
    // A permanent refusal: waiting does not help.
    if (!error.retryable || error.code === 'overloaded') this.#rejectWaiting(error);
  }

  #rejectWaiting(error: KontorError): void {
    for (const pending of this.#waiting.splice(0)) pending.reject(error);
  }

  #whyNotSent(): KontorError {
    const { link, publishTimeoutMs } = this.#options;
    const bytes = this.#backlog.bytes;
    if (!link.current) return link.failure ?? new KontorError('unavailable', 'RabbitMQ is not connected');
    if (link.current.alarm !== undefined) return new KontorError('overloaded', `RabbitMQ accepts no messages: ${link.current.alarm}`);
    if (this.#failure) return this.#failure;
    if (bytes !== undefined && bytes > this.#maxBacklogBytes / 2)
      return new KontorError('overloaded', `${this.#name}: its consumers are ${Math.round(bytes)} bytes behind`);
    return new KontorError('unavailable', `${this.#name}: RabbitMQ has not accepted earlier frames within ${publishTimeoutMs} ms`);
  }
}

function unknownOutcome(why: string): KontorError {
  return new KontorError('unavailable', `${why}: the frame may be stored or not; publishing it again is safe`);
}
