/** A schedule as a CSV file: one row a service. All of it is right, or it says what is wrong in which line. */
import { CsvReader, type CsvRow } from '#core/csv.ts';
import { type ErrorDetail, KontorError } from '#core/errors.ts';
import { aircraftOf, aircraftTypes, seatCount } from './aircraft.ts';
import type { Airports } from './airports.ts';
import { dayOf } from './time-zones.ts';
import { type FlightService, weekdayBits } from './timetable.ts';

export const serviceColumns = [
  'number',
  'from',
  'to',
  'departs',
  'minutes',
  'weekdays',
  'aircraft',
  'economy',
  'business',
  'first_day',
  'last_day',
] as const;
type Column = (typeof serviceColumns)[number];

/** Their flights are replaced in one transaction. */
export const maxServices = 2_000;
/** Lines that are reported. */
const maxErrors = 20;
const maxShownCharacters = 40;

/** What a field must look like, and how to say it. */
const forms: Readonly<Record<Column, readonly [form: RegExp, must: string]>> = {
  number: [/^[A-Z][A-Z0-9][1-9][0-9]{0,3}$/, 'must be a flight number such as KO1234'],
  from: [/^[A-Z]{3}$/, 'must be the code of an airport such as HAM'],
  to: [/^[A-Z]{3}$/, 'must be the code of an airport such as LIS'],
  departs: [/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'must be a local time from 00:00 to 23:59'],
  minutes: [/^[1-9][0-9]{1,3}$/, 'must be minutes from 20 to 1320'],
  weekdays: [/^(?=[1-7]{1,7}$)(?!.*(.).*\1)/, 'must be days of the week such as 12345, 1 for Monday, none twice'],
  aircraft: [/^[A-Z0-9]{1,10}$/, `must be one of ${aircraftTypes.map(({ code }) => code).join(', ')}`],
  economy: [/^([1-9][0-9]{0,4}|100000)$/, 'must be whole coins from 1 to 100000'],
  business: [/^([1-9][0-9]{0,4}|100000)?$/, 'must be whole coins from 1 to 100000, or empty for no business cabin'],
  first_day: [/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, 'must be a date such as 2026-12-01'],
  last_day: [/^([0-9]{4}-[0-9]{2}-[0-9]{2})?$/, 'must be a date such as 2026-12-01, or empty until further notice'],
};

/** Reads a file piece by piece. Throws when the file cannot be right, or at its end, with what is wrong in each line. */
export class ServicesReader {
  readonly #csv = new CsvReader();
  readonly #airports: Airports;
  readonly #errors: ErrorDetail[] = [];
  readonly #services = new Map<string, FlightService>();
  #places: ReadonlyMap<Column, number> | undefined;
  #rows = 0;

  constructor(airports: Airports) {
    this.#airports = airports;
  }

  get rows(): number {
    return this.#rows;
  }

  add(bytes: Uint8Array): void {
    for (const row of this.#csv.read(bytes)) this.#take(row);
  }

  end(): readonly FlightService[] {
    for (const row of this.#csv.end()) this.#take(row);
    if (this.#places === undefined) this.#places = placesIn(undefined);
    if (this.#rows === 0) throw invalid([{ field: 'line 2', message: 'the file holds no services: add a row for each flight number' }]);
    if (this.#errors.length > 0) throw invalid(this.#errors);
    return [...this.#services.values()];
  }

  #take(row: CsvRow): void {
    if (this.#places === undefined) {
      this.#places = placesIn(row);
      return;
    }
    this.#rows += 1;
    if (this.#rows > maxServices) {
      throw new KontorError('too_large', `The file has more than ${maxServices} rows: import it in parts. Nothing was imported.`);
    }
    if (this.#errors.length >= maxErrors) return;
    const read = 'problem' in row ? row.problem : this.#service(row.fields, this.#places);
    if (typeof read === 'string') this.#errors.push({ field: `line ${row.line}`, message: read });
    else this.#services.set(read.number, read);
  }

  /** The service, or what is wrong with the first bad field. */
  #service(fields: readonly string[], places: ReadonlyMap<Column, number>): FlightService | string {
    const field = (column: Column) => (fields[places.get(column) ?? -1] ?? '').trim();
    const broken = serviceColumns.find((column) => !forms[column][0].test(field(column)));
    if (broken !== undefined) return wrong(broken, field(broken));
    const [number, from, to] = [field('number'), field('from'), field('to')];
    const airport = (['from', 'to'] as const).find((column) => this.#airports.find(field(column)) === undefined);
    if (airport !== undefined) return `${airport} is "${field(airport)}", which is no airport with scheduled flights`;
    if (from === to) return 'to is the same airport as from';
    if (this.#services.has(number)) return `${number} is in the file already: each number has one row`;
    const minutes = Number(field('minutes'));
    if (minutes < 20 || minutes > 1_320) return wrong('minutes', field('minutes'));
    const aircraft = aircraftOf(field('aircraft'));
    if (aircraft === undefined) return wrong('aircraft', field('aircraft'));
    if (field('business') !== '' && seatCount(aircraft, 'business') === 0)
      return `${aircraft.code} has no business cabin: leave business empty`;
    const firstDay = dayOf(field('first_day'));
    const lastDay = field('last_day') === '' ? null : dayOf(field('last_day'));
    if (firstDay === undefined) return wrong('first_day', field('first_day'));
    if (lastDay === undefined) return wrong('last_day', field('last_day'));
    if (lastDay !== null && lastDay < firstDay) return 'last_day lies before first_day';
    const [hour = 0, minute = 0] = field('departs').split(':').map(Number);
    return {
      number,
      origin: from,
      destination: to,
      departsMinute: hour * 60 + minute,
      durationMinutes: minutes,
      weekdays: weekdayBits([...field('weekdays')].map(Number)),
      aircraft: aircraft.code,
      economyBase: Number(field('economy')),
      businessBase: field('business') === '' ? null : Number(field('business')),
      firstDay,
      lastDay,
    };
  }
}

function wrong(column: Column, value: string): string {
  return `${column} is "${value.slice(0, maxShownCharacters)}", but ${forms[column][1]}`;
}

function placesIn(header: CsvRow | undefined): ReadonlyMap<Column, number> {
  const fields = header === undefined || 'problem' in header ? [] : header.fields;
  const names = fields.map((name) => name.replace('\uFEFF', '').trim().toLowerCase());
  const missing = serviceColumns.filter((column) => !names.includes(column));
  if (missing.length > 0) throw invalid([{ field: 'line 1', message: `the header must also name the columns ${missing.join(', ')}` }]);
  return new Map(serviceColumns.map((column) => [column, names.indexOf(column)]));
}

function invalid(details: readonly ErrorDetail[]): KontorError {
  const [first] = details;
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : '';
  return new KontorError('invalid_input', `${first?.field}: ${first?.message}${more}. Nothing was imported.`, { details });
}
