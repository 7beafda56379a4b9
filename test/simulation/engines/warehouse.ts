/** The Warehouse of a simulated world: the same SQL, on SQLite in memory. Its files are columns as JSON. */
import { DatabaseSync } from 'node:sqlite';
import { KontorError } from '#core/errors.ts';
import type { Answer, Column, Question, Warehouse } from '#modules/flights/ports/warehouse.ts';
import type { SimulatedProcess } from '../process.ts';
import { lakeFolder } from './lake.ts';

type Value = number | string;
type Columns = Readonly<Record<string, readonly Value[]>>;

export class SimulatedWarehouse {
  readonly #database = new DatabaseSync(':memory:');
  readonly #files: ReadonlyMap<string, Uint8Array>;

  constructor(files: ReadonlyMap<string, Uint8Array>) {
    this.#files = files;
    this.#database.function('least', (one, other) => (Number(one) < Number(other) ? one : other));
  }

  /** Its process asks, and hears a moment later. */
  for(process: SimulatedProcess): Warehouse {
    const later = <Result>(work: () => Result): Promise<Result> =>
      new Promise((resolve, reject) => {
        process.later(5, () => {
          try {
            resolve(work());
          } catch (error) {
            reject(error);
          }
        });
      });
    return {
      rows: (question) => later(() => answerOf(this.#ask(question))),
      parquet: (question) => later(() => new TextEncoder().encode(JSON.stringify(columnsOf(this.#ask(question))))),
      close: async () => {},
    };
  }

  outside(): Warehouse {
    return {
      rows: async (question) => answerOf(this.#ask(question)),
      parquet: () => Promise.reject(new Error('nobody writes from outside')),
      close: async () => {},
    };
  }

  close(): void {
    this.#database.close();
  }

  #ask({ sql, tables }: Question): readonly Readonly<Record<string, Value>>[] {
    const names = Object.keys(tables);
    try {
      for (const [name, table] of Object.entries(tables)) {
        if ('columns' in table) this.#fill(name, [plain(table.columns)]);
        else
          this.#fill(
            name,
            table.files.map((file) => this.#read(file)),
          );
      }
      return this.#database.prepare(sql).all() as unknown as readonly Readonly<Record<string, Value>>[];
    } finally {
      for (const name of names) this.#database.exec(`drop table if exists "${name}"`);
    }
  }

  #fill(name: string, parts: readonly Columns[]): void {
    const columns = Object.keys(parts[0] ?? {});
    this.#database.exec(`create table "${name}" (${columns.map((column) => `"${column}"`).join(', ')})`);
    const insert = this.#database.prepare(`insert into "${name}" values (${columns.map(() => '?').join(', ')})`);
    for (const part of parts) {
      const length = part[columns[0] ?? '']?.length ?? 0;
      for (let row = 0; row < length; row += 1) insert.run(...columns.map((column) => bound(part[column]?.[row] ?? 0)));
    }
  }

  #read(file: string): Columns {
    const bytes = this.#files.get(file.slice(lakeFolder.length));
    if (bytes === undefined) throw new KontorError('unavailable', `${file} is gone from the simulated lake`);
    return JSON.parse(new TextDecoder().decode(bytes));
  }
}

function plain(columns: Readonly<Record<string, Column>>): Columns {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, Array.from<Value>(column)]));
}

function bound(value: Value): bigint | string {
  return typeof value === 'number' ? BigInt(value) : value;
}

function columnsOf(rows: readonly Readonly<Record<string, Value>>[]): Columns {
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name] ?? 0)]));
}

function answerOf(rows: readonly Readonly<Record<string, Value>>[]): Answer {
  return {
    length: rows.length,
    numbers: (name) => Float64Array.from(rows, (row) => Number(row[name])),
    texts: (name) => rows.map((row) => String(row[name])),
  };
}
