/** A timetable, and a lake with accesses to its flights in each of the last 72 hours, made by SQL. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { leaseMigrations } from '#core/lease.ts';
import type { Lake } from '#core/ports/lake.ts';
import type { State } from '#core/ports/state.ts';
import { worldAirports } from '#modules/flights/airports/airports.ts';
import { flightCode } from '#modules/flights/domain/flight-codes.ts';
import { accessPath, hourMs, hourOf } from '#modules/flights/domain/lake-paths.ts';
import type { Warehouse } from '#modules/flights/ports/warehouse.ts';
import { windowOf } from '#modules/flights/roles/pricer/views.ts';
import { accessTables } from '#modules/flights/store/access/tables.ts';
import { flightsMigrations } from '#modules/flights/store/migrations.ts';
import { readFlights } from '#modules/flights/store/prices/reads.ts';
import { openDemoTimetable, rollOn } from '#modules/flights/store/timetable/upkeep.ts';

export interface LakeToMake {
  readonly state: State;
  readonly lake: Lake;
  readonly warehouse: Warehouse;
  readonly asOf: number;
  readonly flights: number;
  readonly accesses: number;
}

const partition = '0';

/** Some flights are looked at much more than others; each visitor is of one network of three; a fifth have accounts. */
const accessSql = `select seq, at_ms, kind, account, flights.flight as flight, visitor, visitor // 3 as network, cast(0 as integer) as part
from (
  select cast(first + i as bigint) as seq, cast(start + i * length // many as bigint) as at_ms,
    cast(case when hash(first + i, 1) % 10 < 7 then 0 when hash(first + i, 1) % 10 < 9 then 1 else 2 end as integer) as kind,
    cast(case when hash(first + i, 2) % 5000000 % 5 = 0 then 1 else 0 end as integer) as account,
    cast(hash(hash(first + i, 2) % 5000000) >> 11 as bigint) as visitor,
    cast(floor(pow((hash(first + i, 3) % 1000003) / 1000003.0, 3) * many_flights) as bigint) as place
  from bounds, range(0, (select many from bounds)) as numbers(i)
) seen
join flights on flights.place = seen.place
order by seq`;

/** Resolves how many flights there are; the files of the lake are known to the State, as if they had landed. */
export async function makeLake({ state, lake, warehouse, asOf, flights, accesses }: LakeToMake): Promise<number> {
  await state.migrate([...leaseMigrations, ...flightsMigrations]);
  const upkeep = { state, airports: worldAirports(), now: asOf };
  await openDemoTimetable(upkeep, flights);
  while ((await rollOn(upkeep, 10)) === 'more');
  await state.write((queries) => sql`analyze`.execute(queries));
  const codes = (await readFlights(state, asOf)).map(({ id }) => flightCode(id) ?? Number.NaN);
  const { first: firstHour, last: lastHour } = windowOf(asOf);
  const perHour = Math.floor(accesses / (lastHour - firstHour + 1));
  const places = { flight: Float64Array.from(codes), place: Float64Array.from(codes, (_, place) => place) };
  for (let hour = firstHour; hour <= lastHour; hour += 1) {
    const first = (hour - firstHour) * perHour + 1;
    // The last hour has not ended.
    const length = hour === hourOf(asOf) ? asOf - hour * hourMs : hourMs;
    const one = { first, start: hour * hourMs, length, many: perHour, many_flights: codes.length };
    const bounds = Object.fromEntries(Object.entries(one).map(([name, value]) => [name, Float64Array.of(value)]));
    const bytes = await warehouse.parquet({ sql: accessSql, tables: { bounds: { columns: bounds }, flights: { columns: places } } });
    const last = first + perHour - 1;
    const path = accessPath(hour, { partition, first, last });
    await lake.create(path, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const file = { path, hour, partition, first, last, rows: perHour, bytes: bytes.byteLength, sha256, landed_at: asOf, replaced_at: null };
    await state.write((queries) => accessTables(queries).insertInto('flights_file').values(file).execute());
  }
  const position = perHour * (lastHour - firstHour + 1);
  const landed = { partition, position, rows: position, expired: 0, plan: null };
  await state.write((queries) => accessTables(queries).insertInto('flights_landed').values(landed).execute());
  return codes.length;
}
