/** What a State's contract is run on. */
import type { TestContext } from 'node:test';
import type { State } from '#core/ports/state.ts';
import type { ManualClock } from '../clock.ts';
import type { Opener } from '../victim.ts';

export interface StateWorld {
  readonly state: State;
  /** The engine's clock, flowing: what tests skip, it has lived through. */
  readonly clock: ManualClock;
  /** The same data through a connection of its own, as another process has it. */
  openSecond(): Promise<State>;
  /** Closes `state` and opens the same data again. */
  reopen(): Promise<State>;
  /** How a process that is about to be killed opens the same data. */
  readonly victim: Opener;
}

export interface StateContract {
  /** A fresh, empty State of its own; everything it needs is released in `t.after`. */
  open(t: TestContext): Promise<StateWorld>;
  /** What the engine was opened with. */
  readonly limits: { readonly writeTimeoutMs: number; readonly maxWaiting: number };
}
