/** Orders the unacknowledged frames of one partition by their sequence numbers. No I/O. */
import type { Frame } from '#core/ports/stream.ts';

export interface Arrived<Message> {
  readonly frame: Frame;
  readonly message: Message;
}

export class FramesInOrder<Message> {
  /** The last record done; 0 before the first. */
  #position = 0;
  /** By first sequence number; bounded by the broker's prefetch. */
  #waiting: Arrived<Message>[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** Whether records before the first waiting frame are missing. Unknown (false) before the first record is done. */
  get hasHole(): boolean {
    const first = this.#waiting[0]?.frame.first ?? 0;
    return this.#position > 0 && first > this.#position + 1;
  }

  /** False when the frame holds no new record and can be acknowledged at once. */
  add(arrived: Arrived<Message>): boolean {
    if (lastOf(arrived.frame) <= this.#position) return false;
    const after = this.#waiting.findLastIndex(({ frame }) => frame.first <= arrived.frame.first);
    this.#waiting.splice(after + 1, 0, arrived);
    return true;
  }

  /** The first frames without a hole between them: at most `maxBytes`, unless a single frame is larger. */
  nextRun(maxBytes: number): readonly Arrived<Message>[] {
    let end = 0;
    let bytes = 0;
    let position = 0;
    for (const { frame } of this.#waiting) {
      bytes += frame.body.length;
      const follows = end === 0 || (frame.first <= position + 1 && bytes <= maxBytes);
      if (!follows) break;
      position = Math.max(position, lastOf(frame));
      end += 1;
    }
    return this.#waiting.slice(0, end);
  }

  /** Removes and returns the frames that are done up to this record. */
  done(position: number): readonly Arrived<Message>[] {
    this.#position = Math.max(this.#position, position);
    const isDone = ({ frame }: Arrived<Message>) => lastOf(frame) <= this.#position;
    const done = this.#waiting.filter(isDone);
    this.#waiting = this.#waiting.filter((arrived) => !isDone(arrived));
    return done;
  }

  /** True when all of these arrived before those that still wait. */
  arrivedFirst(done: readonly Arrived<Message>[], tagOf: (message: Message) => number): boolean {
    const rest = this.#waiting.map(({ message }) => tagOf(message));
    const earliestOfRest = Math.min(...rest);
    return done.every(({ message }) => tagOf(message) < earliestOfRest);
  }
}

export function lastOf({ first, count }: Frame): number {
  return first + count - 1;
}
