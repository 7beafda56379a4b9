/** How a fetch ends early, inside the engine: thrown here, and returned to the caller as an outcome. */
import type { FetchFailure, FetchRefusal } from '../../ports/fetch.ts';

export class Stopped extends Error {
  readonly outcome: 'refused' | 'failed';
  readonly reason: FetchRefusal | FetchFailure;

  private constructor(outcome: 'refused' | 'failed', reason: FetchRefusal | FetchFailure, says: string) {
    super(says);
    this.outcome = outcome;
    this.reason = reason;
  }

  static refused(reason: FetchRefusal, says: string): Stopped {
    return new Stopped('refused', reason, says);
  }

  static failed(reason: FetchFailure, says: string): Stopped {
    return new Stopped('failed', reason, says);
  }
}
