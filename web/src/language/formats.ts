/** Formats numbers and times for a language. All numbers in the app are formatted here. */

export type Language = 'de' | 'en';

export interface Formats {
  /** Cents as a price: `1,234.50`. */
  price(cents: number | null): string;
  /** Hundredths of a percent with a sign: `+1.25%`. */
  change(basisPoints: number | null): string;
  /** The same with one decimal and no unit, for narrow places. */
  shortChange(basisPoints: number | null): string;
  whole(value: number | null): string;
  /** With a sign: `+250`. */
  signed(value: number | null): string;
  /** Large numbers in a few characters: `1.24M`. */
  compact(value: number | null): string;
  /** How much a second: `0.4`, `12`, `1.24M`. */
  rate(value: number | null): string;
  /** With one decimal: `2.4`. */
  tenths(value: number | null): string;
  /** With two decimals: `0.42`. */
  hundredths(value: number | null): string;
  /** A share from 0 to 1: `54%`; with one decimal where that is asked for. */
  share(value: number | null, decimals?: 0 | 1): string;
  /** Time with seconds. */
  time(at: number): string;
  /** Time without seconds. */
  minute(at: number): string;
  /** Day and month. */
  day(at: number): string;
  /** Day, month, year, and time without seconds: for records. */
  date(at: number): string;
  /** Day, month, and time with seconds. */
  moment(at: number): string;
}

const locales: Readonly<Record<Language, string>> = { de: 'de-DE', en: 'en-GB' };
const nothing = '–';

/** `timeZone` is for tests; the default is the user's. */
export function formatsFor(language: Language, timeZone?: string): Formats {
  const locale = locales[language];
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
  const zone = timeZone === undefined ? {} : { timeZone };
  const time = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...zone, ...options });

  const price = number({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const change = number({ style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' });
  const shortChange = number({ minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const whole = number({ maximumFractionDigits: 0 });
  const signed = number({ maximumFractionDigits: 0, signDisplay: 'exceptZero' });
  const compact = number({ notation: 'compact', minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
  const tenths = number({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const few = number({ maximumFractionDigits: 1 });
  const share = number({ style: 'percent', maximumFractionDigits: 0 });
  const fineShare = number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const second = time({ ...clock, second: '2-digit' });
  const minute = time(clock);
  const day = time({ day: 'numeric', month: 'short' });
  const date = time({ ...clock, day: 'numeric', month: 'short', year: 'numeric' });
  const moment = time({ ...clock, day: 'numeric', month: 'short', second: '2-digit' });

  const orNothing = (format: (value: number) => string) => (value: number | null) =>
    value === null || !Number.isFinite(value) ? nothing : withMinus(format(value));
  return {
    price: orNothing((cents) => price.format(cents / 100)),
    change: orNothing((points) => change.format(points / 10_000)),
    shortChange: orNothing((points) => shortChange.format(points / 100)),
    whole: orNothing((value) => whole.format(value)),
    signed: orNothing((value) => signed.format(value)),
    compact: orNothing((value) => (Math.abs(value) < 10_000 ? whole : compact).format(value)),
    rate: orNothing((value) => (value < 10 ? few : value < 10_000 ? whole : compact).format(value)),
    hundredths: orNothing((value) => price.format(value)),
    tenths: orNothing((value) => tenths.format(value)),
    share: (value, decimals = 0) => orNothing((part) => (decimals === 0 ? share : fineShare).format(part))(value),
    time: (at) => second.format(at),
    minute: (at) => minute.format(at),
    day: (at) => day.format(at),
    date: (at) => date.format(at),
    moment: (at) => moment.format(at),
  };
}

/** A minus sign is as wide as a plus, which keeps columns aligned; a hyphen is narrower. */
function withMinus(text: string): string {
  return text.replace('-', '\u2212');
}
