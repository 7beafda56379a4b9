/** Stored results as the API and the live protocol show them. */

import { companyNamed } from '../../domain/companies.ts';
import { type DayFigures, dayMs } from '../../domain/day.ts';
import type { Bar, Batch, Cursor, Totals } from '../../ports/results.ts';
import type { BarView, BatchView, CompanySummary } from '../schemas.ts';

/** Means are shown to a ten-thousandth of a cent; exact figures follow from the sums, which are stored. */
function mean(sum: number, count: number): number {
  return Math.round((sum / count) * 10_000) / 10_000;
}

function totalsView(totals: Totals) {
  return {
    count: totals.count,
    averageCents: mean(totals.sumPriceCents, totals.count),
    vwapCents: mean(totals.turnoverCents, totals.volume),
    openCents: totals.openCents,
    highCents: totals.highCents,
    lowCents: totals.lowCents,
    closeCents: totals.closeCents,
    volume: totals.volume,
    buys: totals.buys,
    sells: totals.count - totals.buys,
    buyVolume: totals.buyVolume,
  };
}

export function batchView(batch: Batch): BatchView {
  return {
    company: batch.company,
    number: batch.number,
    firstSeq: batch.firstSeq,
    lastSeq: batch.lastSeq,
    firstAt: batch.firstAt,
    lastAt: batch.lastAt,
    ...totalsView(batch),
  };
}

export function barView(bar: Bar): BarView {
  return { startAt: bar.startAt, ...totalsView(bar) };
}

export interface SummaryParts {
  readonly cursor: Cursor;
  /** The batch that `cursor.batches` names; undefined before the first. */
  readonly newestBatch: Batch | undefined;
  readonly day: DayFigures;
  readonly simulated: boolean;
  readonly now: number;
}

export function companySummary({ cursor, newestBatch, day, simulated, now }: SummaryParts): CompanySummary {
  const { lastPriceCents } = cursor;
  const company = simulated ? companyNamed(cursor.company) : undefined;
  const tradedToday = cursor.lastAt > now - dayMs && day.trades > 0;
  return {
    company: cursor.company,
    name: company?.name ?? cursor.company,
    sector: company?.sector ?? '',
    simulated,
    position: cursor.position,
    lastPriceCents,
    lastAt: cursor.lastAt,
    referenceCents: day.referenceCents,
    changeBasisPoints: changeBasisPoints(day.referenceCents, lastPriceCents),
    // The day's figures are read less often than prices: a new high must not look higher than the day's highest.
    dayHighCents: tradedToday && day.highCents !== null ? Math.max(day.highCents, lastPriceCents) : day.highCents,
    dayLowCents: tradedToday && day.lowCents !== null ? Math.min(day.lowCents, lastPriceCents) : day.lowCents,
    dayTrades: day.trades,
    dayVolume: day.volume,
    dayBuyVolume: day.buyVolume,
    batches: cursor.batches,
    batchAverageCents: newestBatch === undefined ? null : mean(newestBatch.sumPriceCents, newestBatch.count),
    openTrades: cursor.open?.count ?? 0,
  };
}

function changeBasisPoints(referenceCents: number | null, lastPriceCents: number): number | null {
  if (referenceCents === null || referenceCents === 0) return null;
  return Math.round(((lastPriceCents - referenceCents) / referenceCents) * 10_000);
}
