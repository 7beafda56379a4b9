/**
 * Simulated visitors of a demonstration: every minute some of them open a few flights that are popular for six hours, so that
 * prices move. Who comes and where to follows from the minute alone.
 */
import type { Ports } from '#core/ports/ports.ts';
import type { AccessLog, Visitor } from '../../api/flights-api.ts';
import { timetable } from '../../store/timetable/tables.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const popularForMinutes = 360;
const popularFlights = 8;
const visitorsPerMinute = 24;

/** Notes the visits of the current minute. */
export async function visit({ state, clock }: Pick<Ports, 'state' | 'clock'>, accesses: AccessLog): Promise<void> {
  const minute = Math.floor(clock.now() / minuteMs);
  const flights = await popular(state, minute);
  if (flights.length === 0) return;
  for (let index = 0; index < visitorsPerMinute; index += 1) {
    const number = minute * visitorsPerMinute + index;
    // The first is the most popular: each has about half of the visitors that the one before leaves over.
    const place = Math.min(Math.clz32(mixed(number)), flights.length - 1);
    accesses.note(simulated(number), 'opened', [flights[place] ?? '']);
  }
}

function simulated(number: number): Visitor {
  return { holder: `visitor:simulated-${number}`, guestHolder: undefined, network: `simulated-${number}` };
}

/** Flights that depart in one to three weeks, the same for six hours. */
async function popular(state: Ports['state'], minute: number): Promise<readonly string[]> {
  const period = Math.floor(minute / popularForMinutes);
  const from = period * popularForMinutes * minuteMs + (7 + (mixed(period) % 14)) * dayMs;
  const rows = await state.read((queries) =>
    timetable(queries)
      .selectFrom('flights_flight')
      .select('id')
      .where('departs_at', '>=', from)
      .where('state', '=', 'scheduled')
      .orderBy('departs_at')
      .orderBy('id')
      .limit(popularFlights)
      .execute(),
  );
  return rows.map(({ id }) => id);
}

/** An integer below 2^32 that looks like chance: the finalizer of MurmurHash3. */
function mixed(number: number): number {
  let bits = number | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
