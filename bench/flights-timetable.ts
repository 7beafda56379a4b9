/** The timetable of the benchmarks of flights. */
import { sql } from 'kysely';
import { leaseMigrations } from '#core/lease.ts';
import type { State } from '#core/ports/state.ts';
import { realClock } from '#house/real-clock.ts';
import { worldAirports } from '#modules/flights/airports/airports.ts';
import { flightsMigrations } from '#modules/flights/store/migrations.ts';
import { openDemoTimetable, rollOn } from '#modules/flights/store/timetable/upkeep.ts';
import type { Report } from './bench.ts';

/** Makes about so many flights; resolves how many seconds it took. `inBulk` may prepare the tables for it. */
export async function makeTimetable(
  state: State,
  flights: number,
  report: Report,
  inBulk: (fill: () => Promise<void>) => Promise<void> = (fill) => fill(),
): Promise<number> {
  await state.migrate([...leaseMigrations, ...flightsMigrations]);
  const startedMs = realClock.monotonicMs();
  const upkeep = { state, airports: worldAirports(), now: realClock.now() };
  await openDemoTimetable(upkeep, flights);
  await inBulk(async () => {
    for (let day = 1; (await rollOn(upkeep)) === 'more'; day += 1)
      if (day % 20 === 0) report.progress(`${day} days of the timetable are made`);
  });
  // As autovacuum does after a while.
  await state.write((queries) => sql`analyze`.execute(queries));
  return (realClock.monotonicMs() - startedMs) / 1_000;
}
