/** How many trades a batch holds: BATCH_SIZE may differ from 1,000, and the books show it. */
import type { CompanySummary } from '#modules/stocks/api/schemas.ts';

const usualBatchSize = 1_000;

/** Counted trades that are not in the open batch are in the closed ones, evenly. */
export function batchSizeOf({ position, openTrades, batches }: Pick<CompanySummary, 'position' | 'openTrades' | 'batches'>): number {
  const closed = position - openTrades;
  return batches === 0 || closed <= 0 ? usualBatchSize : Math.round(closed / batches);
}
