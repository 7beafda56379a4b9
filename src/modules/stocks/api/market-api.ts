/** The routes that show the market: companies, batches, bars, sparklines, the proof, and the publisher's speed. */
import type { Static } from 'typebox';
import { pageCursor, pageOf } from '#core/paging.ts';
import { refuse } from '#core/refuse.ts';
import type { Given } from '#http/contract.ts';
import { Rendered, type Route, route } from '#http/route.ts';
import type { TradesPerSecond } from '../domain/settings.ts';
import type { StocksPorts } from '../ports/ports.ts';
import { barIntervals } from '../ports/results.ts';
import { stocksRefusals } from '../refusals.ts';
import { readRate, writeRate } from '../store/settings.ts';
import { listBars, listBatches, listCompanies, readCompany, readProof, readSparks, readSpeed, setSpeed } from './contracts.ts';
import type { Companies } from './schemas.ts';
import { inGroups } from './view/in-groups.ts';
import type { ProofTaker } from './view/proof.ts';
import { barView, batchView } from './view/shapes.ts';
import { sparkOf, sparkPlan } from './view/sparks.ts';
import type { MarketView } from './view/view.ts';

/** Sparklines of so many companies at the most, the busiest first. */
const maxSparks = 200;
const sparkReadsAtOnce = 16;
const sparkRules = { ttlMs: 1_000, staleMs: 9_000 } as const;
const companyCursor = pageCursor('companies', ['text']);
const batchCursor = pageCursor('batches', ['integer']);

export interface MarketApiOptions {
  readonly ports: Pick<StocksPorts, 'results' | 'state' | 'cache' | 'clock'>;
  readonly view: MarketView;
  readonly proofTaker: ProofTaker;
  /** Tells this instance's answers from another's, whose revisions mean something else. */
  readonly instance: string;
  /** Until another is set. */
  readonly tradesPerSecond: TradesPerSecond;
}

export function marketRoutes(options: MarketApiOptions): readonly Route[] {
  const { view, proofTaker, instance, ports } = options;
  return [
    route(listCompanies, ({ query: { limit, after }, request, reply }) => {
      requireLoaded(view);
      const tag = `W/"${view.epoch}-${instance}-${view.revision}"`;
      reply.header('etag', tag);
      if (request.headers['if-none-match'] === tag) return { status: 304 };
      const [last = ''] = companyCursor.read(after) ?? [];
      const { items, next } = pageOf(view.listed(last, limit + 1), limit, ({ company }) => companyCursor.write([company]));
      // Each was made JSON once, when it changed.
      const json = `{"companies":[${items.map((item) => item.json).join(',')}],"next":${JSON.stringify(next)}}`;
      return { status: 200, body: new Rendered<Given<Static<typeof Companies>>>(json) };
    }),
    route(readCompany, ({ params: { code } }) => {
      requireKnown(view, code);
      const summary = view.summary(code);
      if (summary === undefined) throw refuse(stocksRefusals, 'not-traded', { company: code });
      return summary;
    }),
    route(readSparks, ({ query }) => {
      requireLoaded(view);
      return cachedSparks(query.minutes, options);
    }),
    ...historyRoutes(options),
    route(readProof, async () => (await proofTaker.take()).proof),
    route(readSpeed, async () => ({ tradesPerSecond: (await ports.state.read(readRate)) ?? options.tradesPerSecond })),
    route(setSpeed, async ({ body: { tradesPerSecond } }) => {
      await ports.state.write((queries) => writeRate(queries, tradesPerSecond, ports.clock.now()));
      return { tradesPerSecond };
    }),
  ];
}

function historyRoutes({ ports: { results, clock }, view }: MarketApiOptions): readonly Route[] {
  return [
    route(listBatches, async ({ params: { code }, query: { from = 1, after, limit, newest } }) => {
      requireKnown(view, code);
      if (newest !== undefined) {
        if (after !== undefined || from !== 1) throw refuse(stocksRefusals, 'newest-or-pages', {}, 'newest');
        return { batches: (await results.newestBatches(code, newest)).map(batchView), next: null };
      }
      const [last = from - 1] = batchCursor.read(after) ?? [];
      // One more than asked for tells whether there is a next page.
      const { items, next } = pageOf(await results.batchesAfter(code, last, limit + 1), limit, ({ number }) => batchCursor.write([number]));
      return { batches: items.map(batchView), next };
    }),
    route(listBars, async ({ params: { code }, query }) => {
      const { interval, limit, take, after, from: askedFrom = 0 } = query;
      // The clock may have been set back: bars up to a day ahead are shown too.
      const askedTo = query.to ?? clock.now() + 24 * barIntervals['1h'];
      requireKnown(view, code);
      if (askedFrom >= askedTo) throw refuse(stocksRefusals, 'range-empty', { from: askedFrom, to: askedTo }, 'from');
      const cursor = pageCursor(`bars of ${interval}, ${take} first`, ['integer']);
      const [last] = cursor.read(after) ?? [];
      const from = take === 'oldest' && last !== undefined ? Math.max(askedFrom, last + 1) : askedFrom;
      const to = take === 'newest' && last !== undefined ? Math.min(askedTo, last) : askedTo;
      const bars = from < to ? await results.bars({ company: code, interval, from, to, limit: limit + 1, take }) : [];
      const page = pageOf(take === 'newest' ? bars.toReversed() : bars, limit, ({ startAt }) => cursor.write([startAt]));
      const items = take === 'newest' ? page.items.toReversed() : page.items;
      return { company: code, interval, bars: items.map(barView), next: page.next };
    }),
  ];
}

async function cachedSparks(minutes: number, { ports: { results, cache, clock }, view }: MarketApiOptions) {
  // With another company comes another answer: a new house must not show for seconds that there is none.
  return cache.getOrLoad(`stocks sparks ${view.epoch} ${view.summaries().length} ${minutes}`, sparkRules, async () => {
    const plan = sparkPlan(minutes, clock.now());
    const busiest = [...view.summaries()].sort((a, b) => b.dayTrades - a.dayTrades).slice(0, maxSparks);
    const companies = busiest.map((summary) => summary.company).sort();
    const sparks = await inGroups(companies, sparkReadsAtOnce, async (company) => {
      const bars = await results.bars({ company, interval: plan.interval, from: 0, to: plan.endAt, limit: plan.maxBars, take: 'newest' });
      return sparkOf(company, bars, plan);
    });
    return { sparks };
  });
}

function requireLoaded(view: MarketView): void {
  view.look();
  if (view.epoch === undefined) throw refuse(stocksRefusals, 'market-starting');
}

function requireKnown(view: MarketView, code: string): void {
  requireLoaded(view);
  if (!view.knows(code)) throw refuse(stocksRefusals, 'no-company', { company: code });
}
