/** Makes runs for gold pages now and then, while there are miners and the house has an address of its own. */
import { type Chore, startChore } from '#core/chores.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { ErrandsSettings } from '../../domain/settings.ts';
import { goldEveryMs } from '../../domain/trust/gold.ts';
import { forgetGold, makeGoldRun, wantsGold } from '../../store/trust/gold-runs.ts';

/** Nobody can tell when the next one comes. */
const jitter = 0.8;
const forgottenAtOnce = 100;

export function startGoldMaker(
  ports: Pick<Ports, 'state' | 'clock' | 'random' | 'log' | 'metrics'>,
  settings: ErrandsSettings,
  fail: (error: unknown) => void,
): Chore {
  const { state, clock, random } = ports;
  const origin = goldOrigin(settings);
  const everyMs = settings.demo ? goldEveryMs.demo : goldEveryMs.usually;
  return startChore({
    name: 'errands-gold',
    ports,
    everyMs,
    firstAfterMs: everyMs,
    jitter,
    failing: 'no pages are made that find miners who do not fetch',
    fail,
    async work() {
      const now = clock.now();
      await state.write((queries) => forgetGold(queries, now, forgottenAtOnce));
      if (origin === undefined || !(await state.read((queries) => wantsGold(queries, now - everyMs / 2, now)))) return;
      await state.write((queries) => makeGoldRun(queries, { origin, now, random }));
    },
  });
}

/** In a cluster, this process does not serve the pages itself: where it is known, the address of the whole house comes first. */
function goldOrigin({ demo, ownHosts, publicOrigin }: ErrandsSettings): string | undefined {
  const [own] = ownHosts;
  return publicOrigin ?? (demo && own !== undefined ? `http://${own}` : undefined);
}
