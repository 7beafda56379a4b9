/** A timetable for tests, on whichever State. */
import type { State } from '#core/ports/state.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { worldAirports } from '../airports/airports.ts';
import { dayMs, dayOf } from '../domain/time-zones.ts';
import { type FlightService, timetableDays } from '../domain/timetable.ts';
import { flightsMigrations } from '../store/migrations.ts';
import { writeServices } from '../store/timetable/services.ts';
import { timetable } from '../store/timetable/tables.ts';
import { rollOn } from '../store/timetable/upkeep.ts';

export interface TimetableWorld {
  readonly state: State;
  readonly clock: ManualClock;
  add(services: readonly FlightService[]): Promise<void>;
  /** Makes all days up to the horizon. */
  roll(): Promise<void>;
  flights(): Promise<readonly Flight[]>;
  /** Gives a flight a ticket, as far as the timetable looks at it. */
  ticket(flightId: string): Promise<void>;
}

type Flight = Awaited<ReturnType<typeof allFlights>>[number];

export const airports = worldAirports();

export async function openTimetable(state: State, startAt?: number): Promise<TimetableWorld> {
  await state.migrate(flightsMigrations);
  const clock = startAt === undefined ? manualClock() : manualClock({ startAt });
  return {
    state,
    clock,
    add: (services) => state.write((queries) => writeServices(queries, services, clock.now())),
    async roll() {
      while ((await rollOn({ state, airports, now: clock.now() }, timetableDays)) === 'more');
    },
    flights: () => allFlights(state),
    async ticket(flightId) {
      await state.write(async (queries) => {
        const ticket = {
          leg: 0,
          passenger: 0,
          number: `745-${flightId}`,
          flight_id: flightId,
          cabin: 'economy',
          seat: '20A',
          price: 1,
        } as const;
        await queries
          .withTables<{ flights_ticket: object }>()
          .insertInto('flights_ticket')
          .values({ ...ticket, booking_id: flightId, state: 'live', booked_at: clock.now() } as never)
          .execute();
      });
    },
  };
}

function allFlights(state: State) {
  return state.read((queries) => timetable(queries).selectFrom('flights_flight').selectAll().orderBy('departs_at').orderBy('id').execute());
}

/** A service that flies daily, from long ago, until further notice. */
export function serviceOf(number: string, origin: string, destination: string, changes: Partial<FlightService> = {}): FlightService {
  return {
    number,
    origin,
    destination,
    departsMinute: 600,
    durationMinutes: 120,
    weekdays: 0b1111111,
    aircraft: 'A320',
    economyBase: 100,
    businessBase: 300,
    firstDay: 0,
    lastDay: null,
    ...changes,
  };
}

export function startOf(date: string): number {
  return (dayOf(date) ?? 0) * dayMs;
}
