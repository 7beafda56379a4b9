/** The seats of one cabin in rows, as they are drawn; and who sits where. Pure. */
import type { SeatMap } from '#modules/flights/api/booking/contracts.ts';
import type { Cabin } from '#modules/flights/domain/cabins.ts';

export type Seat = SeatMap['seats'][number];

interface SeatRow {
  readonly number: string;
  /** By column; undefined for the aisle, and where the aircraft has no seat. */
  readonly seats: readonly (Seat | undefined)[];
  readonly exit: boolean;
}

export interface CabinRows {
  /** The letters; null for the aisle. */
  readonly columns: readonly (string | null)[];
  readonly rows: readonly SeatRow[];
}

export function rowsOf(map: SeatMap, cabin: Cabin): CabinRows {
  const columns = map.layouts.find((layout) => layout.cabin === cabin)?.columns ?? [];
  const byRow = Map.groupBy(
    map.seats.filter((seat) => seat.cabin === cabin),
    ({ seat }) => seat.slice(0, -1),
  );
  return {
    columns,
    rows: [...byRow].map(([number, seats]) => ({
      number,
      seats: columns.map((letter) => seats.find(({ seat }) => seat === `${number}${letter}`)),
      exit: seats.some(({ exitRow }) => exitRow),
    })),
  };
}

/** By passenger; null for any free seat. */
export type Seating = readonly (string | null)[];

/** Seats a passenger, or lets a seat go that is pressed again; nobody else can have it. */
export function seated(seating: Seating, passenger: number, seat: string): Seating {
  const again = seating[passenger] === seat;
  return seating.map((before, index) => (index === passenger ? (again ? null : seat) : before === seat ? null : before));
}

/** Who chooses next: the first one after this passenger who has no seat. */
export function nextWithoutSeat(seating: Seating, passenger: number): number {
  const order = seating.map((_, index) => (passenger + 1 + index) % seating.length);
  return order.find((index) => seating[index] === null) ?? passenger;
}

/** Without the seats that somebody else has taken meanwhile. */
export function stillFree(seating: Seating, map: SeatMap): Seating {
  const free = new Set(map.seats.filter((seat) => seat.free).map(({ seat }) => seat));
  return seating.map((seat) => (seat !== null && free.has(seat) ? seat : null));
}
