/**
 * The process of the warehouse: DuckDB lives and ends with it.
 *
 * Each question is answered by one thread, several questions at once: two threads for one question take twice the processor time,
 * and are hardly faster. Bytes of files follow from their rows, too, when one thread writes.
 */
import { rmSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, VARCHAR } from '@duckdb/node-api';
import { invariant, KontorError } from '#core/errors.ts';
import type { Column } from '../../ports/warehouse.ts';
import type { Call, ProcessOptions, Reply } from './duckdb-calls.ts';

const chunkRows = 2_048;

const { memoryMiB, threads, folder } = JSON.parse(process.argv[2] ?? '') as ProcessOptions;
// The house has ended, in whichever way.
process.once('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
const database = await DuckDBInstance.create(':memory:', {
  memory_limit: `${memoryMiB}MB`,
  threads: '1',
  temp_directory: folder,
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
});

const waiting: Call[] = [];
const idle: DuckDBConnection[] = [];
for (let count = 0; count < threads; count += 1) idle.push(await database.connect());

process.on('message', (call: Call) => {
  waiting.push(call);
  void serve();
});

async function serve(): Promise<void> {
  const connection = idle.pop();
  if (connection === undefined) return;
  for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
    const { id } = call;
    process.send?.(await answer(connection, call).catch((error: unknown): Reply => ({ id, error: failureOf(error) })));
  }
  idle.push(connection);
}

async function answer(connection: DuckDBConnection, { id, answer, question }: Call): Promise<Reply> {
  try {
    for (const [name, table] of Object.entries(question.tables)) {
      if ('files' in table) await viewFiles(connection, name, table.files);
      else await fillTable(connection, name, table.columns);
    }
    if (answer === 'parquet') return { id, bytes: await parquetOf(connection, id, question.sql) };
    const reader = await connection.runAndReadAll(question.sql);
    const columns = reader.getColumnsObject();
    return {
      id,
      length: reader.currentRowCount,
      columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, columnOf(values)])),
    };
  } finally {
    for (const name of Object.keys(question.tables)) {
      await connection.run(`drop view if exists ${name}`);
      await connection.run(`drop table if exists ${name}_filled`);
    }
  }
}

async function viewFiles(connection: DuckDBConnection, name: string, files: readonly string[]): Promise<void> {
  const list = files.map(quoted).join(', ');
  await connection.run(`create or replace temp view ${name} as select * from read_parquet([${list}], hive_partitioning = false)`);
}

async function fillTable(to: DuckDBConnection, name: string, columns: Readonly<Record<string, Column>>): Promise<void> {
  const entries = Object.entries(columns);
  const length = entries[0]?.[1].length ?? 0;
  const filled = `${name}_filled`;
  const shape = entries.map(([column, values]) => `${column} ${values instanceof Float64Array ? 'double' : 'varchar'}`);
  await to.run(`create or replace temp table ${filled} (${shape.join(', ')})`);
  const appender = await to.createAppender(filled);
  const chunk = DuckDBDataChunk.create(entries.map(([, values]) => (values instanceof Float64Array ? DOUBLE : VARCHAR)));
  for (let start = 0; start < length; start += chunkRows) {
    const end = Math.min(length, start + chunkRows);
    chunk.rowCount = end - start;
    for (const [index, [, values]] of entries.entries()) {
      const vector = chunk.getColumnVector(index);
      for (let row = start; row < end; row += 1) vector.setItem(row - start, values[row] ?? null);
      vector.flush();
    }
    appender.appendDataChunk(chunk);
    chunk.reset();
  }
  appender.closeSync();
  const columnsOfView = entries.map(([column, values]) =>
    values instanceof Float64Array ? `cast(${column} as bigint) as ${column}` : column,
  );
  await to.run(`create or replace temp view ${name} as select ${columnsOfView.join(', ')} from ${filled}`);
}

async function parquetOf(connection: DuckDBConnection, id: number, sql: string): Promise<Uint8Array> {
  const file = join(folder, `answer-${id}.parquet`);
  try {
    await connection.run(`copy (${sql}) to ${quoted(file)} (format parquet, compression zstd, row_group_size 122880)`);
    return await readFile(file);
  } finally {
    await rm(file, { force: true });
  }
}

function columnOf(values: readonly unknown[]): Column {
  if (typeof values[0] === 'string') return values as readonly string[];
  const numbers = Float64Array.from(values as readonly (number | bigint)[], Number);
  invariant(
    numbers.every((value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER),
    'an integer of the warehouse is beyond 2^53',
  );
  return numbers;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function failureOf(error: unknown): Required<Reply>['error'] {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof KontorError) return { code: error.code, message };
  if (/^Out of Memory/i.test(message)) return { code: 'overloaded', message: `the warehouse has too little memory: ${message}` };
  if (/^IO Error/i.test(message)) return { code: 'unavailable', message: `the warehouse could not read a file: ${message}` };
  return { code: 'internal', message: `the warehouse failed: ${message}` };
}
