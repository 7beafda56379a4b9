/** A call of a simulated engine by a process: it happens at a moment, and its answer comes at another, if ever. */
import { KontorError } from '#core/errors.ts';
import type { Part, SimulatedProcess } from '../process.ts';
import type { Fate, Weather } from '../weather.ts';

export interface Caller {
  readonly process: SimulatedProcess;
  readonly weather: Weather;
  /** Takes the process down, as its doom wants it. */
  kill(process: SimulatedProcess): void;
  /** Stops it for a while, so that others may take it for dead. */
  halt(process: SimulatedProcess, ms: number): void;
}

/** `happen` does the work; it is told how it ends, and what it gives or throws is the answer. */
export function call<Result>(
  { process, weather, kill, halt }: Caller,
  part: Part,
  kind: 'read' | 'write',
  happen: (fate: Fate) => Result | Promise<Result>,
): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    if (!process.alive) return;
    const fate = weather.fateOf(part, process, kind === 'write');
    if (fate.doom === 'stands still') halt(process, fate.beforeMs);
    const answer = (settle: () => void) => {
      if (fate.afterMs === 0) process.wake(settle);
      else process.later(fate.afterMs, settle);
    };
    process.timeline.after(fate.beforeMs, async () => {
      if (!process.alive) return;
      if (fate.ending === 'dies before') return kill(process);
      if (fate.ending === 'refused') return answer(() => reject(unreachable(part, 'is away')));
      try {
        const result = await happen(fate);
        if (fate.ending === 'dies after') kill(process);
        else if (fate.ending === 'answer lost') answer(() => reject(unreachable(part, 'was lost before it answered')));
        else answer(() => resolve(result));
      } catch (error) {
        answer(() => reject(error));
      }
    });
  });
}

export function unreachable(part: Part, why: string): KontorError {
  return new KontorError('unavailable', `the simulated ${part} ${why}`);
}
