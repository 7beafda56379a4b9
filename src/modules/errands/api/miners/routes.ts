/** The market and one's own earnings over HTTP. The market's figures are counted once for all who ask within a second. */
import type { Ports } from '#core/ports/ports.ts';
import { type Route, route } from '#http/route.ts';
import { type MarketFigures, readFigures } from '../../store/market/figures.ts';
import { readOwnMiner } from '../../store/market/own-miner.ts';
import * as contracts from './contracts.ts';

const keptMs = 1_000;

export function minerRoutes({ state, clock }: Pick<Ports, 'state' | 'clock'>): readonly Route[] {
  let kept: { readonly at: number; readonly atMs: number; readonly figures: Promise<MarketFigures> } | undefined;

  function figures() {
    const atMs = clock.monotonicMs();
    if (kept === undefined || atMs - kept.atMs > keptMs) {
      const now = clock.now();
      const counted = { at: now, atMs, figures: state.read((queries) => readFigures(queries, now)) };
      kept = counted;
      // The next one who asks tries again.
      counted.figures.catch(() => {
        if (kept === counted) kept = undefined;
      });
    }
    return kept;
  }

  return [
    route(contracts.readMarket, async () => {
      const { at, figures: counting } = figures();
      const { oldestDueAt, active, latencies, waiting, miners, machines, concurrency, delivered } = await counting;
      const sorted = latencies.map((latency) => Math.max(0, latency)).toSorted((one, other) => one - other);
      const quantile = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? null;
      return {
        asOf: at,
        waiting,
        oldestMs: oldestDueAt === null ? null : Math.max(0, at - oldestDueAt),
        orders: active,
        miners,
        machines,
        concurrency,
        delivered,
        p50: quantile(0.5),
        p99: quantile(0.99),
      };
    }),

    route(contracts.readOwnMiner, async ({ account }) => {
      const now = clock.now();
      const { miner, earned, pending, machines, refusals } = await state.read((queries) => readOwnMiner(queries, account.id, now));
      return {
        state: miner?.state ?? 'new',
        stateReason: miner?.state_reason ?? null,
        validInRow: miner?.valid_in_row ?? 0,
        answered: miner?.answered ?? 0,
        audited: miner?.audited ?? 0,
        refused: miner?.refused ?? 0,
        earned,
        pending,
        machines: machines.map(({ name, version, concurrency, pages, failures, last_at }) => ({
          name,
          version,
          concurrency,
          pages,
          failures,
          lastAt: last_at,
        })),
        refusals: refusals.map(({ answered_at, reason }) => ({ at: answered_at, reason })),
      };
    }),
  ];
}
