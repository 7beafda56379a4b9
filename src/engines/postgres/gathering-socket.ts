/** A socket that sends together what is written in one turn: a system call for each statement would cost more than a small statement. */
import { Socket } from 'node:net';

export class GatheringSocket extends Socket {
  /** The driver corks for each statement; all that were corked go when the last of this turn is uncorked. */
  override uncork(): void {
    setImmediate(() => super.uncork());
  }
}
