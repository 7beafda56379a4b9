/**
 * The cord between a run of a role and the house: through it go its calls of the State, the stream and the clock, so that these can
 * fail on purpose for this role, while all other roles of the process go on. A process of `kontor cluster` has one for all that is in it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Holder } from '#core/ports/holder.ts';
import type { State } from '#core/ports/state.ts';
import type { Consumer, Stream } from '#core/ports/stream.ts';
import { processOf, roleHolderId } from '#core/presence.ts';

/** `cut`: as by the loss of a network. `full-disk`: writes are refused, reads go on. `wrong-clock`: only the time of day is wrong. */
export type Fault = 'cut' | 'full-disk' | 'wrong-clock';

/** How far ahead the wrong clock is. */
export const aheadMs = 40_000;
/** How long a fault lasts: longer than a lease, so that who cannot renew its own loses it. */
export const faultMs = 8_000;
/** What was begun during a fault may fail so long after it. */
export const settleMs = 2_000;

/** The cord of the role whose work is under way. */
const current = new AsyncLocalStorage<Cord>();

/** For engines that all roles share and that keep what they have in the State: they reach it as the role that calls them does. */
export function stateOfCaller(state: State): State {
  const own = () => current.getStore()?.state(state) ?? state;
  return {
    can: state.can,
    read: (work) => own().read(work),
    write: (work) => own().write(work),
    migrate: (migrations) => state.migrate(migrations),
    pending: (migrations) => state.pending(migrations),
    onChange: (listener) => state.onChange(listener),
    ping: () => own().ping(),
    close: () => state.close(),
  };
}

export class Cord {
  readonly #consumers = new Map<Consumer, string>();
  #fault: Fault | undefined;
  #onNotice = () => {};
  #isPulled = false;
  #isDropped = false;

  /** `onNotice` is called each time the role meets the fault. */
  pull(fault: Fault, onNotice: () => void): void {
    this.#fault = fault;
    this.#onNotice = onNotice;
    this.#isPulled = true;
  }

  /** Ends the fault. The role may still fail of it: a call that it made before may end later. */
  mend(): void {
    if (!this.#isDropped) this.#fault = undefined;
  }

  /** The pull is over: the role does not fail of it any more. */
  release(): void {
    this.#isPulled = false;
  }

  /** From the pull until it is released; a dropped run stays so. */
  get isPulled(): boolean {
    return this.#isPulled || this.#isDropped;
  }

  /** For a run that is given up: it is cut off for good, and `close` ends its consumers. */
  drop(): void {
    this.#fault = 'cut';
    this.#isDropped = true;
  }

  /** Work of the role, and all that follows from it. */
  run<Result>(work: () => Result): Result {
    return current.run(this, work);
  }

  /** Ends the consumers that the run has not stopped itself. */
  async close(): Promise<void> {
    const left = [...this.#consumers.keys()];
    this.#consumers.clear();
    await Promise.all(left.map((consumer) => consumer.stop()));
  }

  /** Partitions of the stream in which the role is active, such as `trades MSFT`. */
  partitions(): readonly string[] {
    if (this.#fault === 'cut' || this.#fault === 'full-disk') return [];
    return [...this.#consumers].flatMap(([consumer, topic]) => consumer.partitions().map((partition) => `${topic} ${partition}`));
  }

  state(state: State): State {
    return {
      can: state.can,
      read: (work) => this.#through(() => state.read(work)),
      write: async (work) => {
        this.#expectRoom();
        return this.#through(() => state.write(work));
      },
      migrate: (migrations) => state.migrate(migrations),
      pending: (migrations) => state.pending(migrations),
      onChange: (listener) => state.onChange(listener),
      ping: () => this.#through(() => state.ping()),
      close: () => state.close(),
    };
  }

  stream(stream: Stream): Stream {
    return {
      declare: (topic) => stream.declare(topic),
      publish: (topic, partition, frame) => this.#through(() => stream.publish(topic, partition, frame)),
      end: (topic, partition) => this.#through(() => stream.end(topic, partition)),
      status: (topic, group) => this.#through(() => stream.status(topic, group)),
      consume: async (topic, group, handler, options) => {
        const consumer = await stream.consume(topic, group, (delivery) => this.#through(() => this.run(() => handler(delivery))), options);
        if (this.#isDropped) await consumer.stop();
        else this.#consumers.set(consumer, topic);
        return {
          partitions: () => consumer.partitions(),
          stop: async () => {
            this.#consumers.delete(consumer);
            await consumer.stop();
          },
        };
      },
      ping: () => this.#through(() => stream.ping()),
      close: () => stream.close(),
    };
  }

  clock(clock: Clock): Clock {
    return {
      now: () => clock.now() + this.#skewMs(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
    };
  }

  #skewMs(): number {
    if (this.#fault !== 'wrong-clock') return 0;
    this.#onNotice();
    return aheadMs;
  }

  /** An answer that comes after the cut is lost, too: what was done may be durable, and the role does not learn of it. */
  async #through<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#expectWhole();
    const result = await work();
    this.#expectWhole();
    return result;
  }

  #expectWhole(): void {
    if (this.#fault !== 'cut') return;
    this.#onNotice();
    throw new KontorError('unavailable', 'the role is cut off on purpose, by a pull of the plug');
  }

  #expectRoom(): void {
    if (this.#fault !== 'full-disk') return;
    this.#onNotice();
    throw new KontorError('storage_full', 'the disk of the State is full on purpose, by a pull of the plug');
  }
}

/** A holder for each run of a role, so that a lease shows whose it is, and a dropped run counts as gone. */
export function roleHolder(process: Holder, role: string, run: number, isDropped: (holderId: string) => boolean): Holder {
  return {
    id: roleHolderId(process.id, role, run),
    isGone: (holderId) => (holderId.startsWith(`${process.id}/`) ? isDropped(holderId) : process.isGone(processOf(holderId))),
  };
}
