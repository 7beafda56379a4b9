/** The warehouse answers questions over columns and files, writes the same bytes twice, and can be used after it went idle. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { manualClock } from '#testkit/clock.ts';
import { closing } from '#testkit/closing.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import type { Warehouse } from '../../ports/warehouse.ts';
import { openDuckdbWarehouse } from './duckdb.ts';

const count = 5_000;
const columns = {
  number: Float64Array.from({ length: count }, (_, index) => index),
  name: Array.from({ length: count }, (_, index) => `name ${index % 7}`),
};
const sql = 'select cast(number as bigint) as number, name from t order by number';

function open(t: Parameters<typeof closing>[0]): { warehouse: Warehouse; clock: ReturnType<typeof manualClock> } {
  const clock = manualClock();
  return { warehouse: closing(t)(openDuckdbWarehouse({ memoryMiB: 256, threads: 2, clock })), clock };
}

test('the same rows give the same bytes, also from a new process, and are read back', async (t) => {
  const { warehouse, clock } = open(t);
  const first = await warehouse.parquet({ sql, tables: { t: { columns } } });
  await clock.advance(10_000);
  const second = await warehouse.parquet({ sql, tables: { t: { columns } } });
  assert.ok(Buffer.from(first).equals(second));
  const file = join(temporaryFolder(t), 'a.parquet');
  await writeFile(file, first);
  const answer = await warehouse.rows({
    sql: 'select name, sum(number) as total from t group by name order by name',
    tables: { t: { files: [file] } },
  });
  assert.equal(answer.length, 7);
  assert.deepEqual(
    answer.texts('name'),
    Array.from({ length: 7 }, (_, index) => `name ${index}`),
  );
  assert.equal(
    answer.numbers('total').reduce((sum, value) => sum + value),
    (count * (count - 1)) / 2,
  );
});

test('a question that fails says why, and the next one is answered', async (t) => {
  const { warehouse } = open(t);
  await assert.rejects(warehouse.rows({ sql: 'select nothing from nowhere', tables: {} }), { code: 'internal' });
  await assert.rejects(warehouse.rows({ sql: 'select 1 from t', tables: { t: { files: ['/missing.parquet'] } } }), { code: 'unavailable' });
  assert.equal((await warehouse.rows({ sql: 'select 2 as two', tables: {} })).numbers('two')[0], 2);
});

test('a program that closes the warehouse and has nothing else to do goes on after it', () => {
  const program = `
    import { realClock } from '#house/real-clock.ts';
    import { openDuckdbWarehouse } from '#modules/flights/engines/warehouse/duckdb.ts';
    const warehouse = openDuckdbWarehouse({ memoryMiB: 256, threads: 1, clock: realClock });
    await warehouse.rows({ sql: 'select 2 as two', tables: {} });
    await warehouse.close();
    console.log('closed');`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  assert.deepEqual({ status, stdout }, { status: 0, stdout: 'closed\n' }, stderr);
});
