/** One partition's way out to RabbitMQ: what waits, what is on its way, and about how much its consumers are behind. No I/O. */
import type { KontorError } from '#core/errors.ts';
import type { Frame } from '#core/ports/stream.ts';

export interface Pending {
  readonly frame: Frame;
  /** Given up then. */
  readonly untilMs: number;
  resolve(): void;
  reject(error: KontorError): void;
}

const maxRememberedSizes = 1_000;

export class Outlet {
  readonly topic: string;
  readonly partition: string;
  /** Not sent yet, in the order of their sequence numbers as far as they are sent again. */
  readonly waiting: Pending[] = [];
  readonly unconfirmed = new Set<Pending>();
  /** First sequence numbers of frames that no queue took. */
  readonly returned = new Set<number>();
  /** Looks at its queues just now; nothing is sent meanwhile. */
  busy = false;
  /** Why the last look failed. */
  failure: KontorError | undefined;
  /** Undefined until the queues have been looked at. */
  #backlogBytes: number | undefined;
  /** Of the last frames sent, oldest first. */
  readonly #sizes: number[] = [];

  constructor(topic: string, partition: string) {
    this.topic = topic;
    this.partition = partition;
  }

  get isIdle(): boolean {
    return this.waiting.length === 0 && this.unconfirmed.size === 0;
  }

  /** A frame that is larger than the limit may go when nothing else waits. */
  hasRoomFor({ body }: Frame, maxBacklogBytes: number): boolean {
    if (this.#backlogBytes === undefined) return false;
    return this.#backlogBytes === 0 || this.#backlogBytes + body.length <= maxBacklogBytes;
  }

  sent(pending: Pending): void {
    const bytes = pending.frame.body.length;
    this.unconfirmed.add(pending);
    this.#backlogBytes = (this.#backlogBytes ?? 0) + bytes;
    this.#sizes.push(bytes);
    if (this.#sizes.length > 2 * maxRememberedSizes) this.#sizes.splice(0, maxRememberedSizes);
  }

  /** RabbitMQ counts frames, not bytes: the last ones sent are those that wait, and what is older is taken to be like them. */
  lookedAt(waitingFrames: number): void {
    const known = waitingFrames === 0 ? [] : this.#sizes.slice(-waitingFrames);
    const bytes = known.reduce((sum, size) => sum + size, 0);
    this.#backlogBytes = known.length === 0 ? waitingFrames : (bytes / known.length) * waitingFrames;
  }

  /** The queues may have changed: they are looked at before anything else is sent. */
  forget(): void {
    this.#backlogBytes = undefined;
  }

  /** Puts a frame that was not stored back in its place, to be sent again. */
  giveBack(pending: Pending): void {
    this.unconfirmed.delete(pending);
    const before = this.waiting.findIndex(({ frame }) => frame.first > pending.frame.first);
    this.waiting.splice(before === -1 ? this.waiting.length : before, 0, pending);
    this.forget();
  }
}
