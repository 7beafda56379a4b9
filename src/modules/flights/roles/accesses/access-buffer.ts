/** Accesses that wait to be published, as the bytes of frames. Taking one in costs a few stores, and never waits. */
import { wordsPerAccess } from '../../domain/access-records.ts';

/** 128 KiB: a frame of the stream. */
const accessesPerFrame = 4_096;
/** Full frames that wait: 8 MiB together. Beyond it accesses are dropped, before they get numbers. */
const maxWaitingFrames = 64;

/** Words of whole accesses. */
export type Batch = Float64Array<ArrayBuffer>;

export class AccessBuffer {
  readonly #full: Batch[] = [];
  #open: Batch | undefined;
  #end = 0;

  get empty(): boolean {
    return this.#full.length === 0 && this.#end === 0;
  }

  /** Whether a whole frame waits. */
  get hasFrame(): boolean {
    return this.#full.length > 0;
  }

  get waiting(): number {
    return this.#full.reduce((sum, batch) => sum + batch.length, this.#end) / wordsPerAccess;
  }

  /** False when it is full. */
  add(when: number, flight: number, visitor: number, network: number): boolean {
    let open = this.#open;
    if (open === undefined) {
      if (this.#full.length >= maxWaitingFrames) return false;
      open = new Float64Array(accessesPerFrame * wordsPerAccess);
      this.#open = open;
    }
    const end = this.#end;
    open[end] = when;
    open[end + 1] = flight;
    open[end + 2] = visitor;
    open[end + 3] = network;
    this.#end = end + wordsPerAccess;
    if (this.#end === open.length) this.#close();
    return true;
  }

  /** The oldest frame, full or not; undefined when nothing waits. */
  take(): Batch | undefined {
    if (this.#full.length === 0 && this.#end > 0) this.#close();
    return this.#full.shift();
  }

  #close(): void {
    if (this.#open !== undefined) this.#full.push(this.#open.slice(0, this.#end));
    this.#open = undefined;
    this.#end = 0;
  }
}
