/** When flights can be flown one after the other. */

/** The least time between an arrival and the next departure. */
export const minConnectionMs = 45 * 60_000;

export interface FlightToFly {
  readonly id: string;
  readonly origin: string;
  readonly destination: string;
  readonly departsAt: number;
  readonly arrivesAt: number;
  readonly state: 'scheduled' | 'cancelled';
}

export type TravelRefusal =
  | { readonly outcome: 'departed' | 'flight-cancelled'; readonly flightId: string }
  /** The second does not leave from where the first arrives. */
  | { readonly outcome: 'apart'; readonly flightId: string; readonly nextId: string }
  | { readonly outcome: 'too-close'; readonly flightId: string; readonly nextId: string; readonly minutes: number };

/** Undefined when all of them can be flown in this order. */
export function travelRefusal(flights: readonly FlightToFly[], now: number): TravelRefusal | undefined {
  for (const [index, flight] of flights.entries()) {
    if (flight.state === 'cancelled') return { outcome: 'flight-cancelled', flightId: flight.id };
    if (flight.departsAt <= now) return { outcome: 'departed', flightId: flight.id };
    const next = flights[index + 1];
    if (next === undefined) continue;
    if (next.origin !== flight.destination) return { outcome: 'apart', flightId: flight.id, nextId: next.id };
    if (next.departsAt - flight.arrivesAt < minConnectionMs) {
      return { outcome: 'too-close', flightId: flight.id, nextId: next.id, minutes: minConnectionMs / 60_000 };
    }
  }
  return undefined;
}
