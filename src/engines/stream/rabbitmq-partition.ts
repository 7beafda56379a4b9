/** One partition for one consumer: stands in line for its queue, hands its frames over in order, and acknowledges what is done. */
import { KontorError } from '#core/errors.ts';
import { withinTime } from '#core/within-time.ts';
import { lastOf } from './frames-in-order.ts';
import type { ConsumerSettings } from './rabbitmq-consumer.ts';
import { RabbitmqDeliveries } from './rabbitmq-deliveries.ts';
import { declarePartition, queueOf } from './rabbitmq-layout.ts';
import { answerTimeoutMs, type OpenChannel, withChannels } from './rabbitmq-link.ts';

const defaultDeliveryBytes = 1_048_576;
const firstRetryMs = 20;
/** With frames of a usual size two deliveries are fetched: one is handled while the next is on its way. */
const usualFrameBytes = 65_536;
const leastPrefetch = 4;
const mostPrefetch = 64;

export class RabbitmqPartition {
  readonly name: string;
  readonly #settings: ConsumerSettings;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #isActive = false;
  #givingWay = false;

  constructor(settings: ConsumerSettings, name: string) {
    this.#settings = settings;
    this.name = name;
    const { link, clock, random, options } = settings;
    this.#running = withChannels({
      link,
      clock,
      random,
      signal: this.#stopping.signal,
      open: (session) => session.openChannel(),
      use: (open) => this.#consume(open),
      onError: (error) => options.onError?.(error, name),
    });
  }

  /** RabbitMQ tells who is the active one only by handing frames out to it. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Leaves the partition to whoever is next in line, but not before there is a frame that tells them so. */
  giveWay(): void {
    this.#givingWay = true;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #consume({ channel, session, lost }: OpenChannel): Promise<void> {
    const { registry, topic, group, options, clock, log, maxRetryMs } = this.#settings;
    const { maxDeliveryBytes = defaultDeliveryBytes } = options;
    const prefetch = Math.min(mostPrefetch, Math.max(leastPrefetch, Math.ceil((2 * maxDeliveryBytes) / usualFrameBytes)));
    const deliveries = new RabbitmqDeliveries({
      channel,
      partition: this.name,
      prefetch,
      maxDeliveryBytes,
      maxHoldMs: maxRetryMs,
      clock,
      log,
    });
    const ended = AbortSignal.any([lost, deliveries.cancelled, this.#stopping.signal]);
    ended.addEventListener('abort', () => deliveries.wake());
    const standInLine = async () => {
      const known = await registry.declaredTopic(topic);
      await declarePartition(channel, session.serverVersion, known, this.name);
      await channel.prefetch(prefetch);
      await channel.consume(queueOf(known, this.name, group), (message) => {
        this.#isActive = message !== null;
        deliveries.take(message);
      });
    };
    await withinTime(clock, answerTimeoutMs, standInLine());
    try {
      await this.#handOver(deliveries, ended);
    } finally {
      this.#isActive = false;
      this.#givingWay = false;
    }
    if (lost.aborted) throw lost.reason;
    if (deliveries.cancelled.aborted) throw new KontorError('unavailable', `RabbitMQ has taken the queue of ${this.name} away`);
  }

  async #handOver(deliveries: RabbitmqDeliveries, ended: AbortSignal): Promise<void> {
    const { clock, handler, options, maxRetryMs } = this.#settings;
    let retryMs = firstRetryMs;
    while (!ended.aborted) {
      const frames = await deliveries.next(ended);
      const last = frames.at(-1);
      if (last === undefined || this.#givingWay) return;
      try {
        const outcome = await handler({ partition: this.name, frames, signal: ended });
        if (outcome === 'done') {
          deliveries.done(lastOf(last));
          retryMs = firstRetryMs;
          continue;
        }
        if (outcome !== 'reread') throw goneBefore(outcome.rereadFrom, this.name);
      } catch (error) {
        options.onError?.(error, this.name);
      }
      await clock.sleep(retryMs, ended);
      retryMs = Math.min(retryMs * 2, maxRetryMs);
    }
  }
}

/** What is handed over begins with the oldest frame there is: what is missing before it was acknowledged once, and removed. */
function goneBefore(from: number, partition: string): KontorError {
  return new KontorError('storage_damaged', `${partition}: records from ${from} on are needed, and the stream does not keep them any more`);
}
