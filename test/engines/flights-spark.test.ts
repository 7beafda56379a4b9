/** The pricer's SQL gives the same numbers on DuckDB and on Spark, to the last digit. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { openDuckdbWarehouse } from '#modules/flights/engines/warehouse/duckdb.ts';
import { demandSql, hourViewsSql, knownHourViewsSql } from '#modules/flights/engines/warehouse/queries.ts';
import type { Column } from '#modules/flights/ports/warehouse.ts';
import { manualClock } from '#testkit/clock.ts';
import { closing } from '#testkit/closing.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { sparkFor } from './require-engine.ts';
import { startSpark } from './spark-job.ts';

const available = sparkFor();
const accesses = 20_000;
const asOf = Date.UTC(2028, 1, 29, 12, 30);
const files = 3;

type Columns = Readonly<Record<string, Column>>;

/** Few flights, visitors and networks, so that each rule of the SQL has cases; hashes use all their bits. */
function accessColumns(random: ReturnType<typeof seededRandom>, first: number): Columns {
  const column = (value: (row: number) => number) => Float64Array.from({ length: accesses / files }, (_, row) => value(row));
  const hash = (of: number) => 2 ** 52 - 1 - of;
  return {
    seq: column((row) => first + row),
    at_ms: column(() => asOf - random.int(3_700_000) + 100_000),
    kind: column(() => random.int(4)),
    account: column(() => (random.int(4) === 0 ? 1 : 0)),
    flight: column(() => 744_0001_2028_0301 + random.int(50) * 1e8),
    visitor: column(() => hash(random.int(3_000))),
    network: column(() => hash(random.int(20))),
    part: column(() => 0),
  };
}

test('DuckDB and Spark agree on the views of an hour and on the demand of all hours', { skip: available.skip }, async (t) => {
  const random = seededRandom(9);
  const warehouse = closing(t)(openDuckdbWarehouse({ memoryMiB: 512, threads: 2, clock: manualClock({ flowing: true }) }));
  const folder = temporaryFolder(t);
  const spark = startSpark(available.python);
  t.after(() => spark.stop());

  async function stored(name: string, columns: Columns): Promise<string> {
    const file = join(folder, `${name}.parquet`);
    await writeFile(file, await warehouse.parquet({ sql: 'select * from given', tables: { given: { columns } } }));
    return file;
  }
  async function agree(sql: string, tables: Readonly<Record<string, readonly string[]>>) {
    const answer = await warehouse.rows({
      sql,
      tables: Object.fromEntries(Object.entries(tables).map(([name, its]) => [name, { files: its }])),
    });
    const flights = answer.numbers('flight');
    const views = answer.numbers('views');
    const ours = Array.from({ length: answer.length }, (_, row) => ({ flight: flights[row], views: views[row] }));
    assert.deepEqual(await spark.rows({ sql, tables }), ours);
    assert.ok(ours.length > 40);
    return { flight: flights, views };
  }

  const hourFiles: string[] = [];
  for (let index = 0; index < files; index += 1) {
    hourFiles.push(await stored(`accesses-${index}`, accessColumns(random, 1 + (index * accesses) / files)));
  }
  const positions = await stored('positions', { part: Float64Array.of(0), position: Float64Array.of(accesses - 500) });
  const bounds = await stored('bounds', { as_of: Float64Array.of(asOf) });
  await agree(hourViewsSql, { accesses: hourFiles });
  const latest = await agree(knownHourViewsSql, { landed: hourFiles, positions: [positions], bounds: [bounds] });

  const inHour = (hour: number) => ({ hour: latest.flight.map(() => hour), flight: latest.flight, views: latest.views });
  const hours = [await stored('hour-1', inHour(1)), await stored('hour-2', inHour(2))];
  const weights = await stored('weights', { hour: Float64Array.of(1, 2, 3), weight: Float64Array.of(3_649, 3_866, 4_096) });
  await agree(demandSql, { hours, latest: [await stored('hour-3', inHour(3))], weights: [weights] });
});
