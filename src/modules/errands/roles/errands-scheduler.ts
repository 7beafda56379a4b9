/** The role errands-scheduler: orders become runs before they are due. Any number may run, and any of them may die. */
import { type Chore, type Next, startChore } from '#core/chores.ts';
import type { Role, RoleContext, Service } from '#core/role.ts';
import { statusOf } from '#core/role-status.ts';
import type { Web } from '#http/types.ts';
import { type ErrandsSettings, hostRules } from '../domain/settings.ts';
import { beat, beatMs } from '../store/orders/beat.ts';
import { makeDueRuns, nextLookAt, ordersAtATime } from '../store/orders/make-due.ts';
import { keepOrders } from '../store/orders/upkeep.ts';

/** Schedulers look at least so often, whatever the hints say. */
const pollMs = 2_000;
/** Between two looks that only hints asked for. */
const restMs = 100;
const upkeepMs = 60_000;

export function schedulerRole(settings: ErrandsSettings): Role<Web> {
  return {
    name: 'errands-scheduler',
    says: 'Makes runs out of orders before they are due.',
    needs: ['relay'],
    instances: 'many',
    start: (context) => startScheduler(settings, context),
  };
}

async function startScheduler(settings: ErrandsSettings, { ports, fail }: RoleContext): Promise<Service<Web>> {
  const { state, clock, mail } = ports;
  const made = ports.metrics.counter('errands_runs_made_total', 'Runs that orders became.');
  const hosts = hostRules(settings);
  const making = startChore({
    name: 'errands-making',
    ports,
    everyMs: pollMs,
    jitter: 0.3,
    minRestMs: restMs,
    maxPauseMs: pollMs,
    failing: 'orders do not become runs',
    fail,
    work: async (): Promise<Next | undefined> => {
      const nextAt = await state.read(nextLookAt);
      const now = clock.now();
      if (nextAt === undefined || nextAt > now) return restUntil(nextAt, now);
      const { orders, runs } = await makeDueRuns(state, () => ({ now: clock.now(), hosts, mail }));
      made.add(runs);
      // Orders that others hold are theirs to make: after a while they are looked at again.
      if (orders === 0) return { inMs: restMs };
      return orders < ordersAtATime ? undefined : 'more';
    },
  });
  const beating = startChore({
    name: 'errands-beat',
    ports,
    everyMs: beatMs,
    jitter: 0.2,
    maxPauseMs: beatMs,
    failing: 'nobody notes that schedulers run',
    fail,
    work: () => state.write((queries) => beat(queries, clock.now())),
  });
  const upkeep = startChore({
    name: 'errands-order-upkeep',
    ports,
    everyMs: upkeepMs,
    jitter: 0.2,
    firstAfterMs: upkeepMs,
    failing: 'old request keys and hosts are not forgotten',
    fail,
    work: () => keepOrders(state, clock.now()),
  });
  const silence = state.onChange(() => making.wake());
  const chores: readonly Chore[] = [making, beating, upkeep];
  return {
    status: () => statusOf(chores),
    async stop() {
      silence();
      await Promise.all(chores.map((chore) => chore.stop()));
    },
  };
}

function restUntil(nextAt: number | undefined, now: number): Next | undefined {
  return nextAt !== undefined && nextAt - now < pollMs ? { inMs: nextAt - now } : undefined;
}
