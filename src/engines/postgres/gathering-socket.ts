/** A socket that sends together what is written in one turn: a system call for each statement would cost more than a small statement. */
import { Socket } from 'node:net';

export class GatheringSocket extends Socket {
  #gathering = false;

  /** The driver corks and uncorks for each statement: one cork more holds them all until the turn is over. */
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
