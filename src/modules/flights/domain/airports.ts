/** Airports, and how far they are apart. */
export interface Airport {
  /** Three letters. */
  readonly code: string;
  readonly name: string;
  readonly city: string;
  /** Two letters. */
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly timeZone: string;
  /** How many people fly there, from 1 to 100: for the generated timetable. */
  readonly weight: number;
}

export class Airports {
  /** Those that many fly to first. */
  readonly all: readonly Airport[];
  readonly #byCode: ReadonlyMap<string, Airport>;

  constructor(all: readonly Airport[]) {
    this.all = all;
    this.#byCode = new Map(all.map((airport) => [airport.code, airport]));
  }

  find(code: string): Airport | undefined {
    return this.#byCode.get(code);
  }

  /** For codes out of the timetable, which takes only airports that there are. */
  named(code: string): Airport {
    return this.find(code) ?? { code, name: code, city: code, country: '', latitude: 0, longitude: 0, timeZone: 'UTC', weight: 1 };
  }
}

type Place = Pick<Airport, 'latitude' | 'longitude'>;
const earthKm = 6_371;

/** Along the great circle, in whole kilometres. */
export function distanceKm(one: Place, other: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [from, to] = [radians(one.latitude), radians(other.latitude)];
  const across = Math.sin((to - from) / 2) ** 2;
  const along = Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  return Math.round(2 * earthKm * Math.asin(Math.min(1, Math.sqrt(across + Math.cos(from) * Math.cos(to) * along))));
}
