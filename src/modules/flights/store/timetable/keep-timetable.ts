/** What keeps the timetable in every process that serves flights: makes it if the house has none, rolls it on, tidies it. */
import { type Chore, startChore } from '#core/chores.ts';
import type { Ports } from '#core/ports/ports.ts';
import { worldAirports } from '../../airports/airports.ts';
import { dayMs } from '../../domain/time-zones.ts';
import { openDemoTimetable, removeFlown, rollOn } from './upkeep.ts';

export interface Keeping {
  readonly ports: Ports;
  /** Undefined where no timetable is made. */
  readonly demoFlights: number | undefined;
  readonly keepDays: number;
  fail(error: unknown): void;
}

const everyMs = 10 * 60_000;

export function keepTimetable({ ports, demoFlights, keepDays, fail }: Keeping): Chore {
  const { state, clock } = ports;
  return startChore({
    name: 'flights-timetable',
    ports,
    everyMs,
    jitter: 0.2,
    failing: 'no new flights are added to the timetable',
    fail,
    async work() {
      const upkeep = { state, airports: worldAirports(), now: clock.now() };
      if (demoFlights !== undefined) await openDemoTimetable(upkeep, demoFlights);
      if ((await rollOn(upkeep)) === 'more') return 'more';
      return removeFlown(state, upkeep.now - keepDays * dayMs);
    },
  });
}
