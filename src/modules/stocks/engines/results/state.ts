/** Results in the State's own tables: batches, bars and cursor in one transaction. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Queries, State } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import type { Application, Bar, BarQuery, Batch, BatchInventory, Cursor, Results, Retention } from '../../ports/results.ts';
import { type BarInterval, barIntervals } from '../../ports/results.ts';
import { barColumns, barOf, barRow, batchColumns, batchOf, batchRow, cursorOf, cursorRow, type ResultsTables } from './tables.ts';

const maxMisfits = 20;
/** Most rows of one company and kind that one `prune` removes. */
const pruneChunk = 5_000;
/** Sums stay here when an hour's turnover outgrows what a double holds exactly. */
const ceiling = Number.MAX_SAFE_INTEGER;

export function openStateResults({ state }: { readonly state: State }): Results {
  return new StateResults(state);
}

class StateResults implements Results {
  readonly #state: State;
  #epoch: string | undefined;

  constructor(state: State) {
    this.#state = state;
  }

  async epoch(): Promise<string> {
    this.#epoch ??= await this.#state.write(async (queries) => {
      const tables = queries.withTables<ResultsTables>();
      await tables
        .insertInto('result_meta')
        .values({ name: 'epoch', value: randomUUID() })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return (await tables.selectFrom('result_meta').select('value').where('name', '=', 'epoch').executeTakeFirstOrThrow()).value;
    });
    return this.#epoch;
  }

  load(company: string): Promise<Cursor | undefined> {
    return this.#read(async (tables) => {
      const row = await tables.selectFrom('result_cursor').selectAll().where('company', '=', company).executeTakeFirst();
      return row && cursorOf(row);
    });
  }

  apply(application: Application): Promise<'stored' | 'stale'> {
    return this.#state.write(async (queries) => {
      if (!(await moveCursor(queries, application))) return 'stale';
      await insertBatches(queries, application.batches);
      await mergeBars(queries, application.bars);
      return 'stored';
    });
  }

  cursors(): Promise<readonly Cursor[]> {
    return this.#read(async (tables) => (await tables.selectFrom('result_cursor').selectAll().orderBy('company').execute()).map(cursorOf));
  }

  batchesAfter(company: string, after: number, limit: number): Promise<readonly Batch[]> {
    return this.#read(async (tables) => {
      const rows = await tables
        .selectFrom('result_batch')
        .selectAll()
        .where('company', '=', company)
        .where('number', '>', after)
        .orderBy('number')
        .limit(limit)
        .execute();
      return rows.map(batchOf);
    });
  }

  newestBatches(company: string, limit: number): Promise<readonly Batch[]> {
    return this.#read(async (tables) => {
      const rows = await tables
        .selectFrom('result_batch')
        .selectAll()
        .where('company', '=', company)
        .orderBy('number', 'desc')
        .limit(limit)
        .execute();
      return rows.map(batchOf).reverse();
    });
  }

  bars({ company, interval, from, to, limit, take }: BarQuery): Promise<readonly Bar[]> {
    return this.#read(async (tables) => {
      const rows = await tables
        .selectFrom('result_bar')
        .selectAll()
        .where('company', '=', company)
        .where('interval', '=', interval)
        .where('start_at', '>=', from)
        .where('start_at', '<', to)
        .orderBy('start_at', take === 'newest' ? 'desc' : 'asc')
        .limit(limit)
        .execute();
      const bars = rows.map(barOf);
      return take === 'newest' ? bars.reverse() : bars;
    });
  }

  inventory(company: string): Promise<BatchInventory> {
    return this.#read(async (tables) => {
      const sums = await tables
        .selectFrom('result_batch')
        .where('company', '=', company)
        .select(({ fn }) => [
          fn.countAll<number>().as('stored'),
          fn.coalesce(fn.min('number'), sql<number>`0`).as('lowest'),
          fn.coalesce(fn.max('number'), sql<number>`0`).as('highest'),
          sql<number>`cast(coalesce(sum(count), 0) as bigint)`.as('trades'),
        ])
        .executeTakeFirstOrThrow();
      const misfits = await tables
        .selectFrom(
          tables
            .selectFrom('result_batch')
            .where('company', '=', company)
            .select(['number', 'first_seq', 'last_seq', 'count'])
            .select(sql<number | null>`lag(number) over (order by number)`.as('number_before'))
            .select(sql<number | null>`lag(last_seq) over (order by number)`.as('seq_before'))
            .as('neighbours'),
        )
        .select('number')
        .where(sql<boolean>`count <> last_seq - first_seq + 1 or number <> number_before + 1 or first_seq <> seq_before + 1`)
        .orderBy('number')
        .limit(maxMisfits)
        .execute();
      return { ...sums, misfits: misfits.map((row) => row.number) };
    });
  }

  async prune(retention: Retention, now: number): Promise<number> {
    let removed = 0;
    for (const { company, batches } of await this.cursors()) {
      removed += await this.#pruneBatches(company, batches - retention.batchesPerCompany);
      for (const interval of Object.keys(barIntervals) as BarInterval[]) {
        removed += await this.#pruneBars(company, interval, now - retention.barsMs[interval]);
      }
    }
    return removed;
  }

  onChange(listener: () => void): () => void {
    return this.#state.onChange(listener);
  }

  ping(): Promise<void> {
    return this.#state.ping();
  }

  /** The State is closed where it was opened. */
  async close(): Promise<void> {}

  #read<Result>(work: (tables: ReturnType<typeof tablesOf>) => Promise<Result>): Promise<Result> {
    return this.#state.read((queries) => work(tablesOf(queries)));
  }

  async #pruneBatches(company: string, upTo: number): Promise<number> {
    if (upTo < 1) return 0;
    const lowest = await this.#read((tables) =>
      tables.selectFrom('result_batch').where('company', '=', company).select('number').orderBy('number').limit(1).executeTakeFirst(),
    );
    if (!lowest || lowest.number > upTo) return 0;
    const last = Math.min(upTo, lowest.number + pruneChunk - 1);
    return await this.#state.write(async (queries) => {
      const outcome = await tablesOf(queries)
        .deleteFrom('result_batch')
        .where('company', '=', company)
        .where('number', '<=', last)
        .executeTakeFirst();
      return Number(outcome.numDeletedRows);
    });
  }

  async #pruneBars(company: string, interval: BarInterval, before: number): Promise<number> {
    const oldest = await this.#read((tables) =>
      tables
        .selectFrom('result_bar')
        .where('company', '=', company)
        .where('interval', '=', interval)
        .select('start_at')
        .orderBy('start_at')
        .limit(1)
        .executeTakeFirst(),
    );
    if (!oldest || oldest.start_at >= before) return 0;
    const end = Math.min(before, oldest.start_at + pruneChunk * barIntervals[interval]);
    return await this.#state.write(async (queries) => {
      const outcome = await tablesOf(queries)
        .deleteFrom('result_bar')
        .where('company', '=', company)
        .where('interval', '=', interval)
        .where('start_at', '<', end)
        .executeTakeFirst();
      return Number(outcome.numDeletedRows);
    });
  }
}

function tablesOf(queries: Queries) {
  return queries.withTables<ResultsTables>();
}

/** True when the stored position was the one that the caller built on. */
async function moveCursor(queries: Queries, { from, cursor }: Application): Promise<boolean> {
  const { company, ...values } = cursorRow(cursor);
  const tables = tablesOf(queries);
  if (from === 0) {
    const inserted = await tables
      .insertInto('result_cursor')
      .values({ company, ...values })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 1n) return true;
  }
  const updated = await tables
    .updateTable('result_cursor')
    .set(values)
    .where('company', '=', company)
    .where('position', '=', from)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

async function insertBatches(queries: Queries, batches: readonly Batch[]): Promise<void> {
  if (batches.length === 0) return;
  const names = sql.join(Object.keys(batchColumns).map((name) => sql.ref(name)));
  await sql`insert into result_batch (${names}) ${rowsFrom(queries, batchColumns, batches.map(batchRow))}`.execute(queries);
}

async function mergeBars(queries: Queries, bars: readonly Bar[]): Promise<void> {
  if (bars.length === 0) return;
  const least = sql.raw(dialectOf(queries) === 'sqlite' ? 'min' : 'least');
  const greatest = sql.raw(dialectOf(queries) === 'sqlite' ? 'max' : 'greatest');
  const added = (column: string) =>
    sql`${sql.ref(column)} = ${least}(${sql.lit(ceiling)}, result_bar.${sql.ref(column)} + excluded.${sql.ref(column)})`;
  const names = sql.join(Object.keys(barColumns).map((name) => sql.ref(name)));
  await sql`
    insert into result_bar (${names}) ${rowsFrom(queries, barColumns, bars.map(barRow))}
    on conflict (company, interval, start_at) do update set
      ${sql.join(['count', 'sum_price_cents', 'turnover_cents', 'volume', 'buys', 'buy_volume'].map(added))},
      high_cents = ${greatest}(result_bar.high_cents, excluded.high_cents),
      low_cents = ${least}(result_bar.low_cents, excluded.low_cents),
      close_cents = excluded.close_cents`.execute(queries);
}
