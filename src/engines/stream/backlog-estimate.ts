/** Estimates the bytes in a queue that reports only its number of frames. No I/O. */
import type { Frame } from '#core/ports/stream.ts';

const maxRememberedSizes = 1_000;

export class BacklogEstimate {
  #bytes: number | undefined;
  /** The sizes of the last frames sent, oldest first. */
  readonly #sizes: number[] = [];

  /** Undefined until the queue was counted. */
  get bytes(): number | undefined {
    return this.#bytes;
  }

  /** A frame larger than the limit may be sent when the queue is empty. */
  hasRoomFor({ body }: Frame, maxBytes: number): boolean {
    if (this.#bytes === undefined) return false;
    return this.#bytes === 0 || this.#bytes + body.length <= maxBytes;
  }

  sent({ body }: Frame): void {
    this.#bytes = (this.#bytes ?? 0) + body.length;
    this.#sizes.push(body.length);
    if (this.#sizes.length > 2 * maxRememberedSizes) this.#sizes.splice(0, maxRememberedSizes);
  }

  /** The last frames sent are those that wait; older ones are taken to have the same average size. */
  counted(waitingFrames: number): void {
    const known = waitingFrames === 0 ? [] : this.#sizes.slice(-waitingFrames);
    const bytes = known.reduce((sum, size) => sum + size, 0);
    this.#bytes = known.length === 0 ? waitingFrames : (bytes / known.length) * waitingFrames;
  }

  /** The queue may have changed and must be counted again. */
  forget(): void {
    this.#bytes = undefined;
  }
}
