/** Airlines: all invented. */
const names: Readonly<Record<string, string>> = {
  KO: 'Kontor Air',
  A0: 'Albatross Airways',
  B0: 'Blue Pennant',
  C1: 'Compass Lines',
  D1: 'Driftwood Air',
  F0: 'Fairlead',
  H1: 'Harbour Express',
  L0: 'Lantern Airlines',
  M0: 'Meridian Skies',
  N0: 'Northern Quay',
  S0: 'Saltwind',
  T0: 'Tradewind Airways',
};

export const carrierCodes: readonly string[] = Object.keys(names);

/** Of a flight number, such as `KO1234`. */
export function carrierOf(number: string): string {
  const code = number.slice(0, 2);
  return names[code] ?? code;
}
