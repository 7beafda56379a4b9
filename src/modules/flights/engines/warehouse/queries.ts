/** The questions of the pricer, in files of their own, because Spark runs the same text. */
import { readFileSync } from 'node:fs';

const read = (name: string) => readFileSync(new URL(`../../store/prices/${name}`, import.meta.url), 'utf8');

/** A table `accesses`: all of one hour. */
export const hourViewsSql = read('hour-views.sql');
/** The same of those that a run knows of: tables `landed` (one hour), `positions` (part, position) and `bounds` (as_of). */
export const knownHourViewsSql = hourViewsSql.replace(/^WITH/m, `WITH accesses AS (\n${read('known-accesses.sql')}),`);
/** Tables `hours` and `latest` (hour, flight, views) and `weights` (hour, weight). */
export const demandSql = read('demand.sql');
