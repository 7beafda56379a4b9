/** Aircraft types and their cabins. How many seats a flight has in a cabin, and where they are, follows from its aircraft. */
import type { Cabin } from './cabins.ts';

export interface Aircraft {
  /** As the timetable names it, such as `A320`. */
  readonly code: string;
  readonly name: string;
  /** From the front to the back. */
  readonly cabins: readonly CabinPlan[];
}

export interface CabinPlan {
  readonly cabin: Cabin;
  readonly firstRow: number;
  readonly lastRow: number;
  /** The letters of a row from left to right, with null for an aisle. */
  readonly columns: readonly (string | null)[];
  readonly exitRows: readonly number[];
}

/** `ABC DEF`: a blank is an aisle. */
function columnsOf(letters: string): readonly (string | null)[] {
  return [...letters].map((letter) => (letter === ' ' ? null : letter));
}

export const aircraftTypes: readonly Aircraft[] = [
  {
    code: 'ATR72',
    name: 'ATR 72',
    cabins: [{ cabin: 'economy', firstRow: 1, lastRow: 18, columns: columnsOf('AC DF'), exitRows: [1] }],
  },
  {
    code: 'E190',
    name: 'Embraer 190',
    cabins: [
      { cabin: 'business', firstRow: 1, lastRow: 3, columns: columnsOf('A DF'), exitRows: [] },
      { cabin: 'economy', firstRow: 5, lastRow: 26, columns: columnsOf('AC DF'), exitRows: [12] },
    ],
  },
  {
    code: 'A320',
    name: 'Airbus A320',
    cabins: [
      { cabin: 'business', firstRow: 1, lastRow: 4, columns: columnsOf('AC DF'), exitRows: [] },
      { cabin: 'economy', firstRow: 6, lastRow: 30, columns: columnsOf('ABC DEF'), exitRows: [12, 13] },
    ],
  },
  {
    code: 'A321',
    name: 'Airbus A321',
    cabins: [
      { cabin: 'business', firstRow: 1, lastRow: 5, columns: columnsOf('AC DF'), exitRows: [] },
      { cabin: 'economy', firstRow: 7, lastRow: 36, columns: columnsOf('ABC DEF'), exitRows: [11, 25] },
    ],
  },
  {
    code: 'A330',
    name: 'Airbus A330',
    cabins: [
      { cabin: 'business', firstRow: 1, lastRow: 8, columns: columnsOf('AC DG HK'), exitRows: [] },
      { cabin: 'economy', firstRow: 20, lastRow: 48, columns: columnsOf('AC DEFG HK'), exitRows: [20, 36] },
    ],
  },
  {
    code: 'A350',
    name: 'Airbus A350',
    cabins: [
      { cabin: 'business', firstRow: 1, lastRow: 12, columns: columnsOf('A DG K'), exitRows: [] },
      { cabin: 'economy', firstRow: 20, lastRow: 50, columns: columnsOf('ABC DEF HJK'), exitRows: [20, 35] },
    ],
  },
];

const byCode = new Map(aircraftTypes.map((aircraft) => [aircraft.code, aircraft]));

export function aircraftOf(code: string): Aircraft | undefined {
  return byCode.get(code);
}

/** Rows times seats a row; 0 for a cabin that the aircraft does not have. */
export function seatCount(aircraft: Aircraft, cabin: Cabin): number {
  const plan = aircraft.cabins.find((candidate) => candidate.cabin === cabin);
  if (plan === undefined) return 0;
  return (plan.lastRow - plan.firstRow + 1) * plan.columns.filter((letter) => letter !== null).length;
}
