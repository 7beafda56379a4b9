/** The plainest possible aggregation, one record at a time: what Results are fed with in tests, and what they must add up to. */

import { seededRandom } from '#core/seeded-random.ts';
import {
  type Application,
  type Bar,
  type BarInterval,
  type Batch,
  barIntervals,
  type Cursor,
  type OpenBatch,
  type Totals,
} from '../ports/results.ts';

export interface TradeRecord {
  readonly seq: number;
  readonly side: 'buy' | 'sell';
  readonly priceCents: number;
  readonly quantity: number;
  readonly at: number;
}

/** Some minutes before midnight UTC, so that bars of every interval begin and end within a test's records. */
const firstAt = 1_772_495_700_000;

/** Records `after + 1 … after + count`, each a function of its sequence number alone. */
export function simulatedRecords(after: number, count: number): TradeRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const seq = after + 1 + index;
    const random = seededRandom(seq);
    return {
      seq,
      side: random.int(2) === 0 ? 'buy' : 'sell',
      priceCents: 10_000 + random.int(5_000),
      quantity: 1 + random.int(100),
      at: firstAt + seq * 700,
    };
  });
}

function totalsOf(record: TradeRecord): Totals {
  return {
    count: 1,
    sumPriceCents: record.priceCents,
    turnoverCents: record.priceCents * record.quantity,
    volume: record.quantity,
    buys: record.side === 'buy' ? 1 : 0,
    buyVolume: record.side === 'buy' ? record.quantity : 0,
    openCents: record.priceCents,
    highCents: record.priceCents,
    lowCents: record.priceCents,
    closeCents: record.priceCents,
  };
}

/** `later` follows `earlier`. */
export function mergeTotals(earlier: Totals, later: Totals): Totals {
  return {
    count: earlier.count + later.count,
    sumPriceCents: earlier.sumPriceCents + later.sumPriceCents,
    turnoverCents: earlier.turnoverCents + later.turnoverCents,
    volume: earlier.volume + later.volume,
    buys: earlier.buys + later.buys,
    buyVolume: earlier.buyVolume + later.buyVolume,
    openCents: earlier.openCents,
    highCents: Math.max(earlier.highCents, later.highCents),
    lowCents: Math.min(earlier.lowCents, later.lowCents),
    closeCents: later.closeCents,
  };
}

/** What an aggregator hands to `apply` when it meets these records at that cursor. */
export function applicationFor(
  company: string,
  cursor: Cursor | undefined,
  records: readonly TradeRecord[],
  options: { readonly batchSize: number },
): Application {
  const batches: Batch[] = [];
  const bars = new Map<string, Bar>();
  let open: OpenBatch | undefined = cursor?.open;
  let closed = cursor?.batches ?? 0;
  let batchedTrades = cursor?.batchedTrades ?? 0;

  for (const record of records) {
    const totals = totalsOf(record);
    open = {
      ...(open === undefined ? totals : mergeTotals(open, totals)),
      firstAt: Math.min(open?.firstAt ?? record.at, record.at),
      lastAt: Math.max(open?.lastAt ?? record.at, record.at),
    };
    if (open.count === options.batchSize) {
      closed += 1;
      batchedTrades += open.count;
      batches.push({ ...open, company, number: closed, firstSeq: record.seq - open.count + 1, lastSeq: record.seq });
      open = undefined;
    }
    for (const bar of barsOf(company, record)) {
      const key = `${bar.interval} ${bar.startAt}`;
      const earlier = bars.get(key);
      bars.set(key, earlier === undefined ? bar : { ...bar, ...mergeTotals(earlier, bar) });
    }
  }

  const last = records.at(-1);
  return {
    from: cursor?.position ?? 0,
    cursor: {
      company,
      position: last?.seq ?? cursor?.position ?? 0,
      batches: closed,
      batchedTrades,
      batchSize: options.batchSize,
      open,
      lastPriceCents: last?.priceCents ?? cursor?.lastPriceCents ?? 0,
      lastAt: last?.at ?? cursor?.lastAt ?? 0,
    },
    batches,
    bars: [...bars.values()],
  };
}

function barsOf(company: string, record: TradeRecord): Bar[] {
  return Object.entries(barIntervals).map(([interval, lengthMs]) => ({
    ...totalsOf(record),
    company,
    interval: interval as BarInterval,
    startAt: record.at - (record.at % lengthMs),
  }));
}
