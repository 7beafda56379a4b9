/** What is asked for, checked: airports and days that there are. */
import { refuse } from '#core/refuse.ts';
import type { Airport, Airports } from '../../domain/airports.ts';
import { dateOf, dayOf, instantOf, localTime } from '../../domain/time-zones.ts';
import { flightsRefusals } from '../../refusals.ts';
import { horizonOf } from '../../store/timetable/upkeep.ts';

export interface Way {
  readonly origin: Airport;
  readonly destination: Airport;
}

export function wayAsked(airports: Airports, { from, to }: { readonly from: string; readonly to: string }): Way {
  const origin = airportAsked(airports, from, 'from');
  const destination = airportAsked(airports, to, 'to');
  if (origin === destination) throw refuse(flightsRefusals, 'same-airport', {}, 'to');
  return { origin, destination };
}

function airportAsked(airports: Airports, code: string, field: string): Airport {
  const airport = airports.find(code);
  if (airport === undefined) throw refuse(flightsRefusals, 'no-airport', { code }, field);
  return airport;
}

export function dayAsked(date: string, field: string): number {
  const day = dayOf(date);
  if (day === undefined) throw refuse(flightsRefusals, 'no-date', { date }, field);
  return day;
}

/** From the first moment of the days on which to leave to the last, none of it in the past. */
export interface Span {
  readonly startAt: number;
  readonly endAt: number;
}

export function daysAsked({ timeZone }: Airport, { date, flexDays }: { date: string; flexDays: number }, now: number): Span {
  const day = dayAsked(date, 'date');
  const today = localTime(timeZone, now).day;
  if (day < today) throw refuse(flightsRefusals, 'date-past', { first: dateOf(today) }, 'date');
  const last = horizonOf(now);
  if (day > last) throw refuse(flightsRefusals, 'date-far', { last: dateOf(last) }, 'date');
  return {
    startAt: Math.max(now, instantOf(timeZone, Math.max(today, day - flexDays), 0)),
    endAt: instantOf(timeZone, day + flexDays + 1, 0),
  };
}
