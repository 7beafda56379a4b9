/** What is searched: read from the address, so that it can be sent to somebody and gone back to. */
import type { SearchAsked } from '#modules/flights/api/search/contracts.ts';
import type { Cabin } from '#modules/flights/domain/cabins.ts';
import { isDate } from '../local-times.ts';

/** A journey as the form has it; a text is empty while it is not chosen. */
export interface Journey {
  readonly from: string;
  readonly to: string;
  readonly date: string;
  /** Of the way back; empty for one way. */
  readonly back: string;
  /** Whether three days earlier and later are searched too. */
  readonly flexible: boolean;
  readonly passengers: number;
  readonly cabin: Cabin;
}

/** One direction of a journey. */
export type Direction = Pick<Journey, 'from' | 'to' | 'date'>;

export const cabins = ['economy', 'business'] as const satisfies readonly Cabin[];
export const sorts = ['price', 'duration', 'departure', 'arrival'] as const satisfies readonly SearchAsked['sort'][];
export const maxPassengers = 9;
export const itinerariesPerPage = 20;

/** Times of departure by name, in local minutes of the day. */
export const dayTimes = {
  night: { departFromMinute: 0, departToMinute: 299 },
  morning: { departFromMinute: 300, departToMinute: 719 },
  afternoon: { departFromMinute: 720, departToMinute: 1_079 },
  evening: { departFromMinute: 1_080, departToMinute: 1_439 },
} as const;
export type DayTime = keyof typeof dayTimes;

const flexDays = 3;

/** Anything in the address that makes no sense is left out. */
export function journeyIn(page: URLSearchParams): Journey {
  const date = dateIn(page, 'date');
  const back = dateIn(page, 'back');
  return {
    from: airportIn(page, 'from'),
    to: airportIn(page, 'to'),
    date,
    back: back >= date ? back : '',
    flexible: page.get('flexible') === 'true',
    passengers: passengersIn(page),
    cabin: cabinIn(page),
  };
}

export function isComplete({ from, to, date }: Direction): boolean {
  return from !== '' && to !== '' && from !== to && date !== '';
}

/** The flights of the way out, once it is chosen. */
export function outIn(page: URLSearchParams): readonly string[] {
  return page.get('back') === null ? [] : flightsIn(page, 'out', 2);
}

/** Ids of flights, separated by a plus sign or a comma. */
export function flightsIn(page: URLSearchParams, name: string, atMost: number): readonly string[] {
  const ids = (page.get(name) ?? '').split(/[+,]/);
  return ids.length <= atMost && ids.every((id) => /^[A-Z][A-Z0-9][1-9]\d{0,3}-\d{8}$/.test(id)) ? ids : [];
}

/** The way that is looked for now: the way back once the way out is chosen. */
export function directionIn(page: URLSearchParams): Direction {
  const { from, to, date, back } = journeyIn(page);
  return back !== '' && outIn(page).length > 0 ? { from: to, to: from, date: back } : { from, to, date };
}

export type Question = Partial<SearchAsked> & Direction & Pick<SearchAsked, 'passengers' | 'sort' | 'limit'> & { readonly cabin: Cabin };

/** The question to the API; undefined while the journey is not complete. */
export function questionIn(page: URLSearchParams): Question | undefined {
  const journey = journeyIn(page);
  const direction = directionIn(page);
  if (!isComplete(direction)) return undefined;
  const price = page.get('maxPrice') ?? '';
  const time = Object.entries(dayTimes).find(([name]) => name === page.get('time'));
  const after = page.get('after') ?? '';
  return {
    ...direction,
    ...(journey.flexible ? { flexDays } : {}),
    passengers: journey.passengers,
    cabin: journey.cabin,
    ...(page.get('nonstop') === 'true' ? { maxStops: 0 } : {}),
    ...(/^[1-9]\d{0,5}$/.test(price) ? { maxPrice: Number(price) } : {}),
    ...(time?.[1] ?? {}),
    sort: sorts.find((sort) => sort === page.get('sort')) ?? 'price',
    limit: itinerariesPerPage,
    ...(pageIn(page) > 1 ? { after } : {}),
  };
}

/** The number of the page, which begins after what `after` names. */
export function pageIn(page: URLSearchParams): number {
  const text = page.get('page') ?? '';
  return /^[1-9]\d{0,3}$/.test(text) && /^[A-Za-z0-9_-]{1,2000}$/.test(page.get('after') ?? '') ? Number(text) : 1;
}

/** In the address: what begins a list anew. */
export const firstPage = { page: '', after: '' } as const;

/** Whether anything narrows the flights of the day down. */
export function isNarrowed(page: URLSearchParams): boolean {
  return ['nonstop', 'maxPrice', 'time'].some((name) => (page.get(name) ?? '') !== '');
}

/** The address of a search; `more` are further parts of its query. */
export function searchAddress(journey: Partial<Journey>, more: Readonly<Record<string, string>> = {}): string {
  return withQuery('/flights', { ...journeyParts(journey), ...more });
}

/** The address of the page that holds a price and books. */
export function bookingAddress(flights: readonly string[], cabin: Cabin, passengers: number): string {
  return withQuery('/flights/book', { flights: flights.join(','), ...journeyParts({ cabin, passengers }) });
}

export function flightAddress(id: string, journey: Partial<Pick<Journey, 'cabin' | 'passengers'>> = {}): string {
  return withQuery(`/flights/flight/${id}`, journeyParts(journey));
}

export function passengersIn(page: URLSearchParams): number {
  const text = page.get('passengers') ?? '';
  return /^[1-9]$/.test(text) ? Number(text) : 1;
}

export function cabinIn(page: URLSearchParams): Cabin {
  return page.get('cabin') === 'business' ? 'business' : 'economy';
}

/** What differs from the usual. */
function journeyParts({ from, to, date, back, flexible, passengers, cabin }: Partial<Journey>): Readonly<Record<string, string>> {
  return {
    from: from ?? '',
    to: to ?? '',
    date: date ?? '',
    back: back ?? '',
    flexible: flexible === true ? 'true' : '',
    passengers: passengers === undefined || passengers === 1 ? '' : String(passengers),
    cabin: cabin === undefined || cabin === 'economy' ? '' : cabin,
  };
}

function withQuery(path: string, parts: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(parts).filter(([, value]) => value !== ''));
  return query.size === 0 ? path : `${path}?${query}`;
}

function airportIn(page: URLSearchParams, name: string): string {
  const code = (page.get(name) ?? '').toUpperCase();
  return /^[A-Z]{3}$/.test(code) ? code : '';
}

function dateIn(page: URLSearchParams, name: string): string {
  const date = page.get(name) ?? '';
  return isDate(date) ? date : '';
}
