/** The frames of one partition that were fetched and are not done. No I/O. */
import type { Frame } from '#core/ports/stream.ts';
import { lastOf } from './frames-in-order.ts';
import type { StoredFrame } from './kafka-frames.ts';
import type { LogPlace } from './kafka-log.ts';

export class KafkaBuffer {
  #frames: StoredFrame[] = [];
  #bytes = 0;
  /** The last record fetched; undefined before the first. */
  #last: number | undefined;
  /** The place up to which all is done. */
  #done: LogPlace;
  #next: bigint;

  constructor(place: LogPlace) {
    this.#done = place;
    this.#next = place.offset;
    this.#last = place.mark.record > 0 ? place.mark.record : undefined;
  }

  /** The offset to fetch from. */
  get next(): bigint {
    return this.#next;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get done(): LogPlace {
    return this.#done;
  }

  /** Takes what was fetched from `next` on. Frames without new records are dropped: two publishers overlapped. */
  add(frames: readonly StoredFrame[], next: bigint): void {
    for (const stored of frames) {
      if (stored.after.record <= (this.#last ?? 0)) continue;
      this.#frames.push(stored);
      this.#bytes += stored.frame.body.length;
      this.#last = stored.after.record;
    }
    this.#next = next;
  }

  /** Copies of the first frames without a hole between them: at most `maxBytes`, unless a single frame is larger. */
  firstRun(maxBytes: number): readonly Frame[] {
    const run: Frame[] = [];
    let bytes = 0;
    for (const { frame } of this.#frames) {
      const previous = run.at(-1);
      bytes += frame.body.length;
      if (previous && (bytes > maxBytes || frame.first > lastOf(previous) + 1)) break;
      run.push({ first: frame.first, count: frame.count, body: new Uint8Array(frame.body) });
    }
    return run;
  }

  /** Forgets the frames up to a record. */
  finish(record: number): void {
    const count = this.#frames.findIndex(({ after }) => after.record > record);
    const finished = this.#frames.splice(0, count === -1 ? this.#frames.length : count);
    const last = finished.at(-1);
    if (!last) return;
    for (const { frame } of finished) this.#bytes -= frame.body.length;
    this.#done = { offset: this.#frames[0]?.offset ?? this.#next, mark: last.after };
  }

  /** Begins again from another place. */
  reset(place: LogPlace): void {
    this.#frames = [];
    this.#bytes = 0;
    this.#done = place;
    this.#next = place.offset;
    this.#last = place.mark.record > 0 ? place.mark.record : undefined;
  }
}
