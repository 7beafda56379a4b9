/** The airports of the world, read when somebody first asks for one. Where they come from is in the README of flights. */
import { createRequire } from 'node:module';
import type { Airport } from '../domain/airports.ts';
import { Airports } from '../domain/airports.ts';

interface File {
  readonly zones: readonly string[];
  readonly airports: readonly Row[];
}
type Row = readonly [
  code: string,
  name: string,
  city: string,
  country: string,
  latitude: number,
  longitude: number,
  zone: number,
  weight: number,
];

let read: Airports | undefined;

export function worldAirports(): Airports {
  read ??= new Airports(airportsIn(createRequire(import.meta.url)('./airports.json')));
  return read;
}

function airportsIn({ zones, airports }: File): readonly Airport[] {
  return airports.map(([code, name, city, country, latitude, longitude, zone, weight]) => ({
    code,
    name,
    city,
    country,
    latitude,
    longitude,
    timeZone: zones[zone] ?? 'UTC',
    weight,
  }));
}
