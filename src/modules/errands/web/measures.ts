/** Durations, sizes and numbers as texts, in the reader's language. */
import { type Formats, formatsFor, type Language } from '#web/language/formats.ts';
import { useLanguage } from '#web/language/language.ts';

export interface Measures {
  /** `0.42 s`, `12 s`, `3 min` */
  duration(ms: number | null): string;
  /** `2.1 KB` */
  bytes(count: number): string;
  /** A number in millionths, as it was found: `84.5`. */
  number(micros: number): string;
}

const nothing = '–';

function measuresFor(language: Language): Measures {
  const formats: Formats = formatsFor(language);
  const locale = language === 'de' ? 'de-DE' : 'en-GB';
  const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  const exact = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const unit = (value: number, name: string) => `${value < 10 ? short.format(value) : formats.whole(value)} ${name}`;
  return {
    duration(ms) {
      if (ms === null) return nothing;
      const least = Math.max(0, ms);
      if (least < 1_000) return `${formats.whole(least)} ms`;
      if (least < 120_000) return unit(least / 1_000, 's');
      if (least < 7_200_000) return unit(least / 60_000, 'min');
      return unit(least / 3_600_000, 'h');
    },
    bytes(count) {
      if (count < 1_000) return `${formats.whole(count)} B`;
      return count < 1_000_000 ? unit(count / 1_000, 'KB') : unit(count / 1_000_000, 'MB');
    },
    number: (micros) => exact.format(micros / 1_000_000),
  };
}

const measures: Readonly<Record<Language, Measures>> = { de: measuresFor('de'), en: measuresFor('en') };

export function useMeasures(): Measures {
  return measures[useLanguage()];
}
