/** A socket that sends all data written in one turn of the event loop at once: a system call costs more than a small statement. */
import { Socket } from 'node:net';

export class GatheringSocket extends Socket {
  #gathering = false;

  /** The driver corks and uncorks for each statement: one more cork holds all of them until the turn ends. */
  override cork(): void {
    super.cork();
    if (this.#gathering) return;
    this.#gathering = true;
    super.cork();
    setImmediate(() => {
      this.#gathering = false;
      this.uncork();
    });
  }
}
