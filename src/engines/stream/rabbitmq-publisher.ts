/**
 * Publishes frames to RabbitMQ: in order within a partition, each until RabbitMQ has confirmed that a majority of its nodes
 * stored it. What was on its way when a connection was lost may have been stored or not: it is sent again, and consumers
 * drop by sequence number what they have.
 */
import type { ConfirmChannel, Message } from 'amqplib';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import type { Frame } from '#core/ports/stream.ts';
import { rabbitmqError } from './rabbitmq-errors.ts';
import { declarePartition, exchangeOf } from './rabbitmq-layout.ts';
import { aborted, type OpenChannel, type RabbitmqLink, type Session, withChannels } from './rabbitmq-link.ts';
import { Outlet, type Pending } from './rabbitmq-outlet.ts';
import type { RabbitmqRegistry } from './rabbitmq-registry.ts';

export interface PublisherOptions {
  /** For frames alone: RabbitMQ stops reading from it when it runs out of memory or disk. */
  readonly link: RabbitmqLink;
  readonly looking: RabbitmqLink;
  readonly registry: RabbitmqRegistry;
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  readonly log: Log;
  readonly publishTimeoutMs: number;
}

const maxPending = 10_000;
/** Sent and not yet confirmed, all partitions together. */
const maxUnconfirmedBytes = 32 * 1_024 * 1_024;
const maxUnconfirmedFrames = 1_000;
const lookPauseMs = 30;
const tickMs = 100;
/** At closing, confirmations are waited for so long. */
const lastConfirmationsMs = 2_000;

interface Sending {
  readonly channel: ConfirmChannel;
  readonly session: Session;
}

export class RabbitmqPublisher {
  readonly #options: PublisherOptions;
  readonly #closing = new AbortController();
  readonly #outlets = new Map<string, Outlet>();
  readonly #running: Promise<unknown>;
  #sending: Sending | undefined;
  #looking: OpenChannel | undefined;
  /** The channel's buffer is full until it drains. */
  #clogged = false;
  #refusing = false;
  #pending = 0;
  #unconfirmedFrames = 0;
  #unconfirmedBytes = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { link, looking, clock, random, log } = options;
    const common = { clock, random, signal: this.#closing.signal };
    this.#running = Promise.all([
      withChannels({
        ...common,
        link,
        open: (session) => session.openConfirmChannel(),
        use: (open) => this.#sendOn(open),
        onError: (error) => log.warn({ error }, 'frames cannot be published just now; trying again'),
      }),
      withChannels({
        ...common,
        link: looking,
        open: (session) => session.openChannel(),
        use: (open) => this.#lookOn(open),
        onError: (error) => log.debug({ error }, 'queues cannot be looked at just now; trying again'),
      }),
      this.#tick(),
    ]);
  }

  /** Resolves when the frame is durable in the queue of every group. */
  async publish(topic: string, partition: string, frame: Frame): Promise<void> {
    const { clock, publishTimeoutMs } = this.#options;
    if (this.#refusing) throw closed();
    if (this.#pending >= maxPending)
      throw new KontorError('overloaded', `More than ${maxPending} frames are waiting for RabbitMQ: try again later`);
    const outlet = this.#outletTo(topic, partition);
    const settled = Promise.withResolvers<void>();
    outlet.waiting.push({ frame, untilMs: clock.monotonicMs() + publishTimeoutMs, resolve: settled.resolve, reject: settled.reject });
    this.#pending += 1;
    try {
      this.#send(outlet);
      await settled.promise;
    } finally {
      this.#pending -= 1;
    }
  }

  async close(): Promise<void> {
    const { clock } = this.#options;
    this.#refusing = true;
    for (const outlet of this.#outlets.values()) rejectWaiting(outlet, closed());
    const untilMs = clock.monotonicMs() + lastConfirmationsMs;
    while (this.#unconfirmedFrames > 0 && this.#sending && clock.monotonicMs() < untilMs) await clock.sleep(1);
    this.#closing.abort();
    await this.#running;
    for (const outlet of this.#outlets.values()) {
      for (const pending of outlet.unconfirmed) this.#giveUp(outlet, pending);
      rejectWaiting(outlet, unknownOutcome('the stream was closed before RabbitMQ confirmed it'));
    }
  }

  #outletTo(topic: string, partition: string): Outlet {
    const key = keyOf(exchangeOf(topic), partition);
    const known = this.#outlets.get(key);
    if (known) return known;
    const outlet = new Outlet(topic, partition);
    this.#outlets.set(key, outlet);
    return outlet;
  }

  async #sendOn({ channel, session, lost }: OpenChannel<ConfirmChannel>): Promise<void> {
    channel.on('drain', () => {
      this.#clogged = false;
      this.#sendAll();
    });
    // comes before the confirmation of the same frame
    channel.on('return', ({ fields, properties }: Message) => {
      this.#outlets.get(keyOf(fields.exchange, fields.routingKey))?.returned.add(properties.headers?.first);
    });
    this.#clogged = false;
    this.#sending = { channel, session };
    this.#sendAll();
    await aborted(AbortSignal.any([lost, this.#closing.signal]));
    this.#sending = undefined;
    if (lost.aborted) throw lost.reason;
  }

  async #lookOn(open: OpenChannel): Promise<void> {
    this.#looking = open;
    await aborted(AbortSignal.any([open.lost, this.#closing.signal]));
    this.#looking = undefined;
    if (open.lost.aborted) throw open.lost.reason;
  }

  #sendAll(): void {
    for (const outlet of this.#outlets.values()) this.#send(outlet);
  }

  #send(outlet: Outlet): void {
    const limit = this.#options.registry.topic(outlet.topic)?.topic.maxBacklogBytes ?? 0;
    while (this.#mayWrite() && !outlet.busy) {
      const [next] = outlet.waiting;
      if (!next) return;
      if (!outlet.hasRoomFor(next.frame, limit)) return void this.#makeRoom(outlet);
      outlet.waiting.shift();
      this.#write(outlet, next);
    }
  }

  #mayWrite(): boolean {
    if (!this.#sending || this.#sending.session.alarm !== undefined || this.#clogged) return false;
    return this.#unconfirmedFrames < maxUnconfirmedFrames && this.#unconfirmedBytes < maxUnconfirmedBytes;
  }

  #write(outlet: Outlet, pending: Pending): void {
    const { first, count, body } = pending.frame;
    const content = Buffer.from(body.buffer, body.byteOffset, body.length);
    const options = { mandatory: true, persistent: true, headers: { first, count } };
    outlet.sent(pending);
    this.#unconfirmedFrames += 1;
    this.#unconfirmedBytes += body.length;
    try {
      const confirm = (error: unknown) => this.#settle(outlet, pending, error === null);
      this.#clogged = this.#sending?.channel.publish(exchangeOf(outlet.topic), outlet.partition, content, options, confirm) === false;
    } catch {
      // the channel has just been closed
      this.#settle(outlet, pending, false);
    }
  }

  #settle(outlet: Outlet, pending: Pending, stored: boolean): void {
    const returned = outlet.returned.delete(pending.frame.first);
    if (!outlet.unconfirmed.has(pending)) return;
    const windowWasFull = !this.#mayWrite();
    this.#unconfirmedFrames -= 1;
    this.#unconfirmedBytes -= pending.frame.body.length;
    if (stored && !returned) {
      outlet.unconfirmed.delete(pending);
      pending.resolve();
    } else {
      outlet.giveBack(pending);
      void this.#makeRoom(outlet, lookPauseMs);
    }
    if (windowWasFull) this.#sendAll();
    else this.#send(outlet);
  }

  /** Declares the partition's queues, or looks how full they are, until there is room for the next frame. */
  async #makeRoom(outlet: Outlet, pauseFirstMs = 0): Promise<void> {
    const { clock, registry } = this.#options;
    const { topic, partition } = outlet;
    if (outlet.busy) return;
    outlet.busy = true;
    try {
      if (pauseFirstMs > 0) await clock.sleep(pauseFirstMs, this.#closing.signal);
      await registry.add({ kind: 'partition', topic, partition });
      for (let next = outlet.waiting[0]; next && !this.#closing.signal.aborted; next = outlet.waiting[0]) {
        const known = await registry.declaredTopic(topic);
        if (!this.#looking) throw new KontorError('unavailable', 'RabbitMQ cannot be asked just now');
        const { channel, session } = this.#looking;
        outlet.lookedAt(await declarePartition(channel, session.serverVersion, known, partition));
        outlet.failure = undefined;
        if (outlet.hasRoomFor(next.frame, known.topic.maxBacklogBytes)) break;
        await clock.sleep(lookPauseMs, this.#closing.signal);
      }
    } catch (error) {
      outlet.failure = rabbitmqError(error);
      if (!outlet.failure.retryable || outlet.failure.code === 'overloaded') rejectWaiting(outlet, outlet.failure);
      await clock.sleep(lookPauseMs, this.#closing.signal);
    } finally {
      outlet.busy = false;
    }
    this.#send(outlet);
  }

  /** Gives up what waits for too long, and goes on where nothing else calls: after an alarm, say. */
  async #tick(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#closing.signal.aborted) {
      await clock.sleep(tickMs, this.#closing.signal);
      const nowMs = clock.monotonicMs();
      for (const outlet of this.#outlets.values()) {
        for (const pending of outlet.unconfirmed) if (pending.untilMs < nowMs) this.#giveUp(outlet, pending);
        // those behind it would leave a hole
        if ((outlet.waiting[0]?.untilMs ?? nowMs) < nowMs) rejectWaiting(outlet, this.#whyNotSent(outlet));
        this.#send(outlet);
      }
    }
  }

  #giveUp(outlet: Outlet, pending: Pending): void {
    outlet.unconfirmed.delete(pending);
    this.#unconfirmedFrames -= 1;
    this.#unconfirmedBytes -= pending.frame.body.length;
    pending.reject(unknownOutcome(`RabbitMQ did not confirm it within ${this.#options.publishTimeoutMs} ms`));
  }

  #whyNotSent({ topic, partition, failure }: Outlet): KontorError {
    const { link, publishTimeoutMs, registry } = this.#options;
    if (!link.current) return link.failure ?? new KontorError('unavailable', 'RabbitMQ is not connected');
    if (link.current.alarm !== undefined) return new KontorError('overloaded', `RabbitMQ takes no messages: ${link.current.alarm}`);
    if (failure) return failure;
    if (!this.#mayWrite()) return new KontorError('overloaded', `RabbitMQ has not confirmed earlier frames within ${publishTimeoutMs} ms`);
    const limit = registry.topic(topic)?.topic.maxBacklogBytes;
    return new KontorError('overloaded', `${topic}/${partition}: its consumers are ${limit} bytes behind`);
  }
}

function keyOf(exchange: string, partition: string): string {
  return `${exchange} ${partition}`;
}

function rejectWaiting(outlet: Outlet, error: KontorError): void {
  for (const pending of outlet.waiting.splice(0)) pending.reject(error);
}

function closed(): KontorError {
  return new KontorError('unavailable', 'The stream is closed');
}

function unknownOutcome(why: string): KontorError {
  return new KontorError('unavailable', `${why}: it may be stored or not; publishing it again does no harm`);
}
