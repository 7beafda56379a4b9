/** Names of airports and days in the reader's language. */
import { useCallback, useMemo } from 'react';
import type { Airport } from '#modules/flights/api/schemas.ts';
import { useResource } from '#web/api/use-resource.ts';
import { useLanguage } from '#web/language/language.ts';
import { type DayTexts, dayTextsFor } from './local-times.ts';
import { loadAirport } from './sources.ts';

/** Undefined while it is loading, and where there is no such airport. An empty code is none. */
export function useAirport(code: string): Airport | undefined {
  const resource = useResource(useCallback(async () => ({ code, airport: code === '' ? undefined : await loadAirport(code) }), [code]));
  return resource.state === 'ready' && resource.value.code === code ? resource.value.airport : undefined;
}

/** The city of an airport; its code until the city is known. */
export function useCity(code: string): string {
  const name = useCityNames();
  const airport = useAirport(code);
  return airport === undefined ? code : name(airport);
}

type Cities = Pick<Airport, 'city' | 'cityInGerman'>;

/** The city of an airport in the reader's language. */
export function useCityNames(): (airport: Cities) => string {
  return useLanguage() === 'de' ? germanName : listedName;
}

const listedName = ({ city }: Cities): string => city;
const germanName = ({ cityInGerman }: Cities): string => cityInGerman;

const texts: Readonly<Record<'de' | 'en', DayTexts>> = { de: dayTextsFor('de'), en: dayTextsFor('en') };

export function useDayTexts(): DayTexts {
  return texts[useLanguage()];
}

/** The name of a country by its two letters. */
export function useCountryNames(): (code: string) => string {
  const language = useLanguage();
  return useMemo(() => {
    const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'code' });
    return (code) => (/^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code);
  }, [language]);
}
