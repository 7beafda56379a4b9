/** The world that a State's contract runs in, made from an engine. */
import type { TestContext } from 'node:test';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { State } from '#core/ports/state.ts';
import { type ManualClock, manualClock } from '../clock.ts';
import { closing } from '../closing.ts';
import { silentLog } from '../log.ts';
import type { Opener } from '../victim.ts';
import { type EngineAddress, type EngineUnderTest, victimOpener } from './engine-under-test.ts';

export interface StateWorld {
  readonly state: State;
  /** The engine's clock, which flows and which tests advance. */
  readonly clock: ManualClock;
  /** The same data through a separate connection, as from another process. */
  openSecond(): Promise<State>;
  /** Closes `state` and opens the same data again. */
  reopen(): Promise<State>;
  /** How a victim opens the same data. */
  readonly victim: Opener;
}

interface StateLimits {
  readonly writeTimeoutMs: number;
  readonly maxWaiting: number;
}

export interface StateContract {
  /** A fresh, empty State; its resources are released in `t.after`. */
  open(t: TestContext): Promise<StateWorld>;
  /** The limits that the engine was opened with. */
  readonly limits: StateLimits;
}

export type StateEngine<Address extends EngineAddress> = EngineUnderTest<
  State,
  Partial<StateLimits> & { readonly clock: Clock; readonly log: Log },
  Address
>;

/** Short limits, so that tests reach them. */
const limits: StateLimits = { writeTimeoutMs: 2_000, maxWaiting: 500 };

export function stateOn<Address extends EngineAddress>(engine: StateEngine<Address>): StateContract {
  return {
    limits,
    async open(t) {
      const closed = closing(t);
      const address = await engine.address(t);
      const clock = manualClock({ flowing: true });
      const open = async () => closed(await engine.open({ ...address, ...limits, clock, log: silentLog() }));
      const state = await open();
      return {
        state,
        clock,
        openSecond: open,
        async reopen() {
          await state.close();
          return open();
        },
        victim: victimOpener(engine, address),
      };
    },
  };
}
