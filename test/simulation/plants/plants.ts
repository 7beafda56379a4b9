/** Known-bad changes: each is a mistake that somebody could make, put around the engines, so that the product stays as it is. */
import type { Results } from '#modules/stocks/ports/results.ts';
import type { BooksPlant } from '../engines/books.ts';

export interface Plant {
  readonly says: string;
  /** Of so many seeds, at least one finds it, but for a chance of less than one in a thousand: see docs/simulation.md. */
  readonly foundWithin: number;
  readonly books?: BooksPlant;
  /** Around the results of the stocks market. */
  readonly results?: (results: Results) => Results;
  /** The key of a request, by the number of the attempt. */
  readonly keyFor?: (wish: string, attempt: number) => string;
}

export const noPlant: Plant = { says: 'nothing is changed', foundWithin: 0 };

export const plants = {
  'lost-acknowledgement': {
    says: 'a write is acknowledged although its commit failed',
    foundWithin: 20,
    books: { acknowledgesFailures: true },
  },
  'lease-without-fence': {
    says: 'who has a partition moves its cursor without comparing where it stands',
    foundWithin: 60,
    books: {
      rewrite: (sql) =>
        sql.startsWith('update "result_cursor"') ? sql.replace('and "position" = ?', 'and ("position" = ? or true)') : sql,
    },
  },
  'write-outside-transaction': {
    says: 'tickets and lines of orders are written after the transaction that sells them',
    foundWithin: 30,
    books: { isOutside: (sql) => /^\s*insert into "?(flights_ticket|shop_order_line)"? /.test(sql) },
  },
  'position-before-result': {
    says: 'the position in the tape is stored before the batches that follow from it',
    foundWithin: 8,
    results: (results) => positionFirst(results),
  },
  'retry-without-key': {
    says: 'a request that got no answer is sent again with another key',
    foundWithin: 8,
    keyFor: (wish, attempt) => `${wish.replaceAll(' ', '-')}-${attempt}`,
  },
} as const satisfies Readonly<Record<string, Plant>>;

export type PlantName = keyof typeof plants;

function positionFirst(results: Results): Results {
  return {
    epoch: () => results.epoch(),
    load: (company) => results.load(company),
    async apply({ from, cursor, batches, bars }) {
      const moved = await results.apply({ from, cursor, batches: [], bars: [] });
      if (moved === 'stale') return moved;
      return results.apply({ from: cursor.position, cursor, batches, bars });
    },
    cursors: () => results.cursors(),
    batchesAfter: (company, after, limit) => results.batchesAfter(company, after, limit),
    newestBatches: (company, limit) => results.newestBatches(company, limit),
    bars: (query) => results.bars(query),
    inventory: (company) => results.inventory(company),
    prune: (retention, now) => results.prune(retention, now),
    onChange: (listener) => results.onChange(listener),
    ping: () => results.ping(),
    close: () => results.close(),
  };
}
