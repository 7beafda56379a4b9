/** Removes accesses that are older than they are kept, with all else that their hours have in the lake. */
import type { Ports } from '#core/ports/ports.ts';
import { hourOf } from '../../domain/lake-paths.ts';
import { expireBefore } from '../../store/access/lake-state.ts';
import { removeOlder } from './remove-older.ts';

const filesAtOnce = 500;

/** The State forgets a file before the lake does: what it knows is there. */
export async function expireAccesses({ state, lake, clock }: Pick<Ports, 'state' | 'lake' | 'clock'>, keepDays: number): Promise<void> {
  const before = hourOf(clock.now()) - keepDays * 24;
  for (;;) {
    const expired = await state.write((queries) => expireBefore(queries, before));
    for (const path of expired) await lake.remove(path);
    if (expired.length < filesAtOnce) break;
  }
  // A crash may have come between the two; and manifests are in no list.
  await removeOlder(lake, 'access', before);
}
