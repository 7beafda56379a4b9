/** About how many bytes wait in a queue that can only tell how many frames do. No I/O. */
import type { Frame } from '#core/ports/stream.ts';

const maxRememberedSizes = 1_000;

export class BacklogEstimate {
  #bytes: number | undefined;
  /** Of the last frames sent, oldest first. */
  readonly #sizes: number[] = [];

  /** Undefined until the queue has been looked at. */
  get bytes(): number | undefined {
    return this.#bytes;
  }

  /** A frame that is larger than the limit may go when nothing else waits. */
  hasRoomFor({ body }: Frame, maxBytes: number): boolean {
    if (this.#bytes === undefined) return false;
    return this.#bytes === 0 || this.#bytes + body.length <= maxBytes;
  }

  sent({ body }: Frame): void {
    this.#bytes = (this.#bytes ?? 0) + body.length;
    this.#sizes.push(body.length);
    if (this.#sizes.length > 2 * maxRememberedSizes) this.#sizes.splice(0, maxRememberedSizes);
  }

  /** The last frames sent are those that wait, and what is older is taken to be like them. */
  lookedAt(waitingFrames: number): void {
    const known = waitingFrames === 0 ? [] : this.#sizes.slice(-waitingFrames);
    const bytes = known.reduce((sum, size) => sum + size, 0);
    this.#bytes = known.length === 0 ? waitingFrames : (bytes / known.length) * waitingFrames;
  }

  /** The queue may have changed: it has to be looked at again. */
  forget(): void {
    this.#bytes = undefined;
  }
}
