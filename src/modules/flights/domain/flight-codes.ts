/**
 * Flight ids as integers, for the log of accesses and the lake: two characters of the carrier in base 36, four digits of the
 * number, eight of the date. `KO1234-20261201` is 744 · 10^12 + 1234 · 10^8 + 20261201, below 2^53.
 */

const numbers = 10_000;
const dates = 100_000_000;

/** Undefined for what is no flight id. */
export function flightCode(flightId: string): number | undefined {
  const [, carrier = '', number, date] = /^([A-Z][A-Z0-9])([1-9][0-9]{0,3})-([0-9]{8})$/.exec(flightId) ?? [];
  if (carrier === '') return undefined;
  return (Number.parseInt(carrier, 36) * numbers + Number(number)) * dates + Number(date);
}

export function flightIdOf(code: number): string {
  const date = code % dates;
  const number = ((code - date) / dates) % numbers;
  const carrier = ((code - date) / dates - number) / numbers;
  return `${carrier.toString(36).toUpperCase()}${number}-${String(date).padStart(8, '0')}`;
}
