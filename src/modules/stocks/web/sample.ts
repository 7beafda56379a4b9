/** For tests: a company, a batch and a bar, of which a test changes what matters to it. */
import type { BarView, BatchView, CompanySummary } from '#modules/stocks/api/schemas.ts';

export function sampleSummary(changes: Partial<CompanySummary> = {}): CompanySummary {
  return {
    company: 'MSFT',
    name: 'Microsoft',
    sector: 'Software',
    simulated: true,
    position: 2_400,
    lastPriceCents: 41_250,
    lastAt: 1_000_000,
    referenceCents: 41_000,
    changeBasisPoints: 61,
    dayHighCents: 41_300,
    dayLowCents: 40_900,
    dayTrades: 2_400,
    dayVolume: 96_000,
    dayBuyVolume: 48_000,
    batches: 2,
    batchAverageCents: 41_240.5,
    openTrades: 400,
    ...changes,
  };
}

const totals = {
  count: 10,
  averageCents: 100,
  vwapCents: 100,
  openCents: 100,
  highCents: 100,
  lowCents: 100,
  closeCents: 100,
  volume: 10,
  buys: 5,
  sells: 5,
  buyVolume: 5,
};

export function sampleBatch(number: number): BatchView {
  return { ...totals, company: 'MSFT', number, firstSeq: number * 1_000 - 999, lastSeq: number * 1_000, firstAt: number, lastAt: number };
}

export function sampleBar(startAt: number, changes: Partial<BarView> = {}): BarView {
  return { ...totals, startAt, ...changes };
}
