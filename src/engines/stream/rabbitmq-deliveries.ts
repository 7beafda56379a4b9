/** The unacknowledged deliveries of one queue: at most `prefetch` frames, passed on in order, as copies. */
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Frame } from '#core/ports/stream.ts';
import { type Arrived, FramesInOrder } from './frames-in-order.ts';

export interface DeliveriesOptions {
  readonly channel: Channel;
  readonly partition: string;
  readonly prefetch: number;
  readonly maxDeliveryBytes: number;
  /** How long a frame is held back when earlier ones are missing. */
  readonly maxHoldMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export class RabbitmqDeliveries {
  readonly #options: DeliveriesOptions;
  readonly #frames = new FramesInOrder<ConsumeMessage>();
  readonly #cancelled = new AbortController();
  #ring: () => void = () => {};

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** Aborts when RabbitMQ cancels the consumer: its queue was deleted, or lost its leader. */
  get cancelled(): AbortSignal {
    return this.#cancelled.signal;
  }

  take(message: ConsumeMessage | null): void {
    const frame = message && frameOf(message);
    if (!message) {
      this.#cancelled.abort();
    } else if (!frame) {
      const { channel, partition, log } = this.#options;
      log.error({ partition, messageId: message.properties.messageId }, 'dropped a message that is not a frame');
      channel.reject(message, false);
    } else if (!this.#frames.add({ frame, message })) {
      this.#options.channel.ack(message);
    }
    this.#ring();
  }

  /** Ends the wait for the next frames. Called when there will be none. */
  wake(): void {
    this.#ring();
  }

  /** Waits for the next frames to deliver; none when `ended` aborts first. */
  async next(ended: AbortSignal): Promise<readonly Frame[]> {
    const { clock, maxDeliveryBytes, maxHoldMs, prefetch } = this.#options;
    let heldSinceMs: number | undefined;
    while (!ended.aborted) {
      const rung = new Promise<void>((resolve) => {
        this.#ring = resolve;
      });
      const isHeld = this.#frames.hasHole && this.#frames.size < prefetch;
      if (isHeld) heldSinceMs ??= clock.monotonicMs();
      const leftMs = isHeld ? (heldSinceMs ?? 0) + maxHoldMs - clock.monotonicMs() : 0;
      // After the hold the handler decides, because it knows the stored position.
      if (this.#frames.size > 0 && leftMs <= 0) return this.#frames.nextRun(maxDeliveryBytes).map(copyOf);
      await (isHeld ? Promise.race([rung, clock.sleep(leftMs, ended)]) : rung);
    }
    return [];
  }

  /** Acknowledges delivered frames up to this record. On a lost channel it is too late, and they are redelivered. */
  done(position: number): void {
    const { channel } = this.#options;
    const done = this.#frames.done(position);
    if (done.length === 0) return;
    try {
      if (this.#frames.arrivedFirst(done, tagOf)) channel.ack(latest(done).message, true);
      else for (const { message } of done) channel.ack(message);
    } catch {
      // The channel was just closed.
    }
  }
}

function latest(done: readonly Arrived<ConsumeMessage>[]): Arrived<ConsumeMessage> {
  return done.reduce((late, one) => (tagOf(one.message) > tagOf(late.message) ? one : late));
}

function tagOf({ fields }: ConsumeMessage): number {
  return fields.deliveryTag;
}

function frameOf({ properties, content }: ConsumeMessage): Frame | undefined {
  const { first, count } = (properties.headers ?? {}) as Record<string, unknown>;
  const isFrame = Number.isSafeInteger(first) && Number.isSafeInteger(count) && Number(first) >= 1 && Number(count) >= 1;
  return isFrame ? { first: Number(first), count: Number(count), body: content } : undefined;
}

/** The handler may modify the copy, and unlike a slice of the socket's buffer it is aligned. */
function copyOf({ frame: { first, count, body } }: Arrived<ConsumeMessage>): Frame {
  return { first, count, body: new Uint8Array(body) };
}
