/** The page that an answer came with, as it was delivered. */
import type { Queries } from '#core/ports/state.ts';
import type { RunName } from '../../domain/orders.ts';
import { readPages, type StoredPage } from '../results/feed.ts';
import { resultTables } from '../results/tables.ts';

export interface AnsweredPage {
  readonly value: string | null;
  readonly contentType: string | null;
  /** Undefined where it is not kept. */
  readonly page: StoredPage | undefined;
}

/** Of the result of a run: all its accepted answers say the same. Undefined when the result is gone. */
export async function answeredPage(queries: Queries, { orderId, generation, slot }: RunName): Promise<AnsweredPage | undefined> {
  const result = await resultTables(queries)
    .selectFrom('errands_result')
    .select(['feed', 'number', 'value', 'content_type'])
    .where('order_id', '=', orderId)
    .where('generation', '=', generation)
    .where('slot', '=', slot)
    .where('withdraws', '=', 0)
    .executeTakeFirst();
  if (result === undefined) return undefined;
  const { feed, number, value, content_type: contentType } = result;
  const pages = await readPages(queries, [{ feed, order: orderId, number }]);
  return { value, contentType, page: pages.get(feed) };
}
