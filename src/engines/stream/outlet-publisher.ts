/** Publishes frames to a broker: an outlet per partition, with limits on the frames that wait in all of them. */
import { type Chore, startChore } from '#core/chores.ts';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Frame } from '#core/ports/stream.ts';

/** Publishes the frames of one partition, in order. */
export interface Outlet<Outcome> {
  publish(frame: Frame): Promise<Outcome>;
  /** Called periodically, to reject frames that waited for too long. */
  tick(): void;
  close(): Promise<void>;
}

export interface OutletPublisherOptions<Outcome> {
  readonly clock: Clock;
  readonly log: Log;
  /** The broker's name, for messages. */
  readonly broker: string;
  readonly outletTo: (topic: string, partition: string) => Outlet<Outcome>;
}

const maxPendingFrames = 10_000;
const maxPendingBytes = 256 * 1_024 * 1_024;
const tickMs = 100;

export class OutletPublisher<Outcome> {
  readonly #options: OutletPublisherOptions<Outcome>;
  #isClosed = false;
  readonly #outlets = new Map<string, Outlet<Outcome>>();
  readonly #ticking: Chore;
  #pendingFrames = 0;
  #pendingBytes = 0;

  constructor(options: OutletPublisherOptions<Outcome>) {
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

  async publish(topic: string, partition: string, frame: Frame): Promise<Outcome> {
    if (this.#isClosed) throw new KontorError('unavailable', 'The stream is closed');
    if (this.#pendingFrames >= maxPendingFrames || this.#pendingBytes >= maxPendingBytes)
      throw new KontorError('overloaded', `${this.#pendingFrames} frames already wait for ${this.#options.broker}: try again later`);
    const bytes = frame.body.length;
    this.#pendingFrames += 1;
    this.#pendingBytes += bytes;
    try {
      return await this.#outletTo(topic, partition).publish(frame);
    } finally {
      this.#pendingFrames -= 1;
      this.#pendingBytes -= bytes;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#ticking.stop(), ...[...this.#outlets.values()].map((outlet) => outlet.close())]);
  }

  #outletTo(topic: string, partition: string): Outlet<Outcome> {
    const key = `${topic.length} ${topic} ${partition}`;
    const known = this.#outlets.get(key);
    if (known) return known;
    const outlet = this.#options.outletTo(topic, partition);
    this.#outlets.set(key, outlet);
    return outlet;
  }
}
