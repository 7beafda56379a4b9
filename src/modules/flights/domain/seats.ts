/** Seats of a cabin: where they are, which are given to those who chose none, and which is offered in place of one that is taken. */
import { type Aircraft, aircraftOf, type CabinPlan } from './aircraft.ts';
import type { Cabin } from './cabins.ts';

type Place = 'window' | 'middle' | 'aisle';

export interface Seat {
  /** Row and letter, such as `12C`. */
  readonly seat: string;
  readonly cabin: Cabin;
  readonly row: number;
  /** Where it is in the row, counted from the left; an aisle counts like a seat. */
  readonly column: number;
  readonly place: Place;
  readonly exitRow: boolean;
}

/** From the front to the back, from left to right. */
export function seatsOf(aircraft: Aircraft): readonly Seat[] {
  return aircraft.cabins.flatMap(({ cabin }) => seatsIn(aircraft, cabin));
}

const known = new Map<CabinPlan, readonly Seat[]>();

function seatsIn({ cabins }: Aircraft, cabin: Cabin): readonly Seat[] {
  const plan = cabins.find((candidate) => candidate.cabin === cabin);
  if (plan === undefined) return [];
  const seats = known.get(plan) ?? seatsOfCabin(plan);
  known.set(plan, seats);
  return seats;
}

function seatsOfCabin({ cabin, firstRow, lastRow, columns, exitRows }: CabinPlan): readonly Seat[] {
  const rows = Array.from({ length: lastRow - firstRow + 1 }, (_, index) => firstRow + index);
  return rows.flatMap((row) =>
    columns.flatMap((letter, column): readonly Seat[] => {
      if (letter === null) return [];
      return [{ seat: `${row}${letter}`, cabin, row, column, place: placeOf(columns, column), exitRow: exitRows.includes(row) }];
    }),
  );
}

function placeOf(columns: readonly (string | null)[], column: number): Place {
  if (column === 0 || column === columns.length - 1) return 'window';
  return columns[column - 1] === null || columns[column + 1] === null ? 'aisle' : 'middle';
}

/** Which seats of one flight and cabin are free; seats are taken from it as bookings are planned. */
export class FreeSeats {
  readonly #seats: readonly Seat[];
  #free: readonly Seat[];

  constructor(aircraftCode: string, cabin: Cabin, taken: ReadonlySet<string>) {
    const aircraft = aircraftOf(aircraftCode);
    this.#seats = aircraft === undefined ? [] : seatsIn(aircraft, cabin);
    this.#free = this.#seats.filter(({ seat }) => !taken.has(seat));
  }

  exists(seat: string): boolean {
    return this.#seats.some((candidate) => candidate.seat === seat);
  }

  isFree(seat: string): boolean {
    return this.#free.some((candidate) => candidate.seat === seat);
  }

  take(seats: readonly string[]): void {
    this.#free = this.#without(seats);
  }

  /** The free seat most like this one: at a window, in the middle or at an aisle as it is, then in an exit row or not, then the nearest. */
  nextTo(wanted: string, except: readonly string[]): string | undefined {
    const like = this.#seats.find(({ seat }) => seat === wanted);
    if (like === undefined) return undefined;
    const unlike = (seat: Seat) => (seat.place === like.place ? 0 : 200) + (seat.exitRow === like.exitRow ? 0 : 50);
    const score = (seat: Seat) => unlike(seat) + Math.abs(seat.row - like.row) * 4 + Math.abs(seat.column - like.column);
    const [first, ...others] = this.#without(except);
    if (first === undefined) return undefined;
    return others.reduce((best, seat) => (score(seat) < score(best) ? seat : best), first).seat;
  }

  /** Seats for `count` who chose none: together, and near those that others of the booking chose. Undefined when fewer are free. */
  assign(count: number, chosen: readonly string[]): readonly string[] | undefined {
    const free = this.#without(chosen);
    const anchors = this.#seats.filter(({ seat }) => chosen.includes(seat));
    let best: readonly Seat[] | undefined;
    let least = Number.POSITIVE_INFINITY;
    // Neighbours in this order are neighbours in the cabin, but for those at the two ends of two rows.
    for (let first = 0; first + count <= free.length && least > 0; first += 1) {
      const group = free.slice(first, first + count);
      const discomfort = discomfortOf(group, anchors);
      if (discomfort >= least) continue;
      best = group;
      least = discomfort;
    }
    return best?.map(({ seat }) => seat);
  }

  #without(seats: readonly string[]): readonly Seat[] {
    return seats.length === 0 ? this.#free : this.#free.filter(({ seat }) => !seats.includes(seat));
  }
}

/** First of all in few rows, then near the others, then without gaps; one alone does not sit in the middle, and exit rows stay free. */
function discomfortOf(group: readonly Seat[], anchors: readonly Seat[]): number {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const rows = last.row - first.row;
  const gaps = rows === 0 ? last.column - first.column - (group.length - 1) : 0;
  const distance = anchors.length === 0 ? 0 : Math.min(...anchors.map((anchor) => distanceBetween(first, anchor)));
  const middle = group.length === 1 && anchors.length === 0 && first.place === 'middle' ? 1 : 0;
  const exits = group.filter(({ exitRow }) => exitRow).length;
  return rows * 10_000 + distance * 100 + exits * 50 + gaps * 10 + middle * 5;
}

function distanceBetween(one: Seat, other: Seat): number {
  return Math.abs(one.row - other.row) * 10 + Math.abs(one.column - other.column);
}
