/** One partition of one consumer: waits to become the active consumer of the queue, delivers frames in order, and acknowledges them. */
import { KontorError } from '#core/errors.ts';
import { withinTime } from '#core/within-time.ts';
import { lastOf } from './frames-in-order.ts';
import type { ConsumerSettings } from './rabbitmq-consumer.ts';
import { RabbitmqDeliveries } from './rabbitmq-deliveries.ts';
import { declarePartition, queueOf } from './rabbitmq-layout.ts';
import { answerTimeoutMs, type OpenChannel, withChannels } from './rabbitmq-link.ts';
import type { Troubles } from './troubles.ts';

const defaultDeliveryBytes = 1_048_576;
const firstRetryMs = 20;
/** Frames of this size prefetch two deliveries: one is handled while the next is on its way. */
const usualFrameBytes = 65_536;
const leastPrefetch = 4;
const mostPrefetch = 64;

export class RabbitmqPartition {
  readonly name: string;
  readonly #settings: ConsumerSettings;
  readonly #troubles: Troubles;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #isActive = false;
  #isYielding = false;

  constructor(settings: ConsumerSettings, name: string, troubles: Troubles) {
    this.#settings = settings;
    this.#troubles = troubles;
    this.name = name;
    const { link, clock, random } = settings;
    this.#running = withChannels({
      link,
      clock,
      random,
      signal: this.#stopping.signal,
      open: (session) => session.openChannel(),
      use: (open) => this.#consume(open),
      onError: (error) => troubles.failed(error, name),
    });
  }

  /** RabbitMQ shows which consumer is active only by delivering to it. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Leaves the partition to the next consumer once a frame arrives, whose delivery makes the next one active. */
  yield(): void {
    this.#isYielding = true;
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
    const subscribe = async () => {
      const known = await registry.declaredTopic(topic);
      await declarePartition(channel, session.serverVersion, known, this.name);
      await channel.prefetch(prefetch);
      await channel.consume(queueOf(known, this.name, group), (message) => {
        this.#isActive = message !== null;
        deliveries.take(message);
      });
    };
    await withinTime(clock, answerTimeoutMs, subscribe());
    this.#troubles.works(this.name);
    try {
      await this.#deliver(deliveries, ended);
    } finally {
      this.#isActive = false;
      this.#isYielding = false;
    }
    if (lost.aborted) throw lost.reason;
    if (deliveries.cancelled.aborted) throw new KontorError('unavailable', `RabbitMQ cancelled the consumer of ${this.name}`);
  }

  async #deliver(deliveries: RabbitmqDeliveries, ended: AbortSignal): Promise<void> {
    const { clock, handler, maxRetryMs } = this.#settings;
    let retryMs = firstRetryMs;
    while (!ended.aborted) {
      const frames = await deliveries.next(ended);
      const last = frames.at(-1);
      if (last === undefined || this.#isYielding) return;
      try {
        const outcome = await handler({ partition: this.name, frames, signal: ended });
        if (outcome === 'done') {
          deliveries.done(lastOf(last));
          this.#troubles.works(this.name);
          retryMs = firstRetryMs;
          continue;
        }
        if (outcome !== 'reread') throw removed(outcome.rereadFrom, this.name);
      } catch (error) {
        this.#troubles.failed(error, this.name);
      }
      await clock.sleep(retryMs, ended);
      retryMs = Math.min(retryMs * 2, maxRetryMs);
    }
  }
}

/** Deliveries begin with the oldest stored frame: earlier ones were acknowledged and removed. */
function removed(from: number, partition: string): KontorError {
  return new KontorError('storage_damaged', `${partition}: the consumer needs records from ${from} on, but the stream has removed them`);
}
