/** Removes changes of prices that are older than they are kept, and what only they needed of the lake. */
import type { Ports } from '#core/ports/ports.ts';
import { timetablePath } from '../../domain/lake-paths.ts';
import { forgetRun, pruneSome, readPrunedRun } from '../../store/prices/pruning.ts';
import { removeOlder } from '../recorder/remove-older.ts';
import { windowOf } from './views.ts';

const dayMs = 86_400_000;

export async function prunePrices({ state, lake, clock }: Pick<Ports, 'state' | 'lake' | 'clock'>, keepDays: number): Promise<void> {
  const before = clock.now() - keepDays * dayMs;
  while ((await state.write((queries) => pruneSome(queries, before))) > 0);
  for (;;) {
    const run = await readPrunedRun(state);
    if (run === undefined) break;
    if (run.timetable !== undefined) await lake.remove(timetablePath(run.timetable));
    await forgetRun(state, run.id);
  }
  // Views are needed as long as their hour counts.
  await removeOlder(lake, 'views', windowOf(clock.now()).first - 1);
}
