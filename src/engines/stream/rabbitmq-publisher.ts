/** Publishes frames to RabbitMQ: an outlet per partition, with limits on the frames that wait in all of them. */
import { type Chore, startChore } from '#core/chores.ts';
import { KontorError } from '#core/errors.ts';
import type { Frame } from '#core/ports/stream.ts';
import { type OutletOptions, RabbitmqOutlet } from './rabbitmq-outlet.ts';

const maxPendingFrames = 10_000;
const maxPendingBytes = 256 * 1_024 * 1_024;
const tickMs = 100;

export class RabbitmqPublisher {
  readonly #options: OutletOptions;
  #isClosed = false;
  readonly #outlets = new Map<string, RabbitmqOutlet>();
  readonly #ticking: Chore;
  #pendingFrames = 0;
  #pendingBytes = 0;

  constructor(options: OutletOptions) {
    this.#options = options;
    this.#ticking = startChore({
      name: 'stream-timeouts',
      ports: options,
      everyMs: tickMs,
      firstAfterMs: tickMs,
      failing: 'frames that are not confirmed in time are not sent again',
      work: async () => {
        for (const outlet of this.#outlets.values()) outlet.tick();
      },
    });
  }

  async publish(topic: string, partition: string, frame: Frame): Promise<void> {
    if (this.#isClosed) throw new KontorError('unavailable', 'The stream is closed');
    if (this.#pendingFrames >= maxPendingFrames || this.#pendingBytes >= maxPendingBytes)
      throw new KontorError('overloaded', `${this.#pendingFrames} frames already wait for RabbitMQ: try again later`);
    const bytes = frame.body.length;
    this.#pendingFrames += 1;
    this.#pendingBytes += bytes;
    try {
      await this.#outletTo(topic, partition).publish(frame);
    } finally {
      this.#pendingFrames -= 1;
      this.#pendingBytes -= bytes;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#ticking.stop(), ...[...this.#outlets.values()].map((outlet) => outlet.close())]);
  }

  #outletTo(topic: string, partition: string): RabbitmqOutlet {
    const key = `${topic.length} ${topic} ${partition}`;
    const known = this.#outlets.get(key);
    if (known) return known;
    const outlet = new RabbitmqOutlet(topic, partition, this.#options);
    this.#outlets.set(key, outlet);
    return outlet;
  }
}
