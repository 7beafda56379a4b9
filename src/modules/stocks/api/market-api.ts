/** The stocks market's routes for whoever watches: companies, batches, bars, sparklines, the proof, and the tape's speed. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { KontorError } from '#core/errors.ts';
import { requireAdminUnlessDemo } from '#http/sessions.ts';
import type { TradesPerSecond } from '../domain/settings.ts';
import type { StocksPorts } from '../ports/ports.ts';
import { barIntervals } from '../ports/results.ts';
import { readRate, writeRate } from '../store/publisher-settings.ts';
import { BarIntervalName, BarPage, BatchPage, Companies, CompanyCode, CompanySummary, Proof, Rate, Sparks } from './schemas.ts';
import { inGroups } from './view/in-groups.ts';
import type { ProofTaker } from './view/proof.ts';
import { barView, batchView } from './view/shapes.ts';
import { maxSparkMinutes, sparkOf, sparkPlan } from './view/sparks.ts';
import type { MarketView } from './view/view.ts';

const maxBatchesPerPage = 1_000;
const maxBarsPerPage = 5_000;
/** Sparklines of so many companies at the most, the busiest first. */
const maxSparks = 200;
const sparkReadsAtOnce = 16;
const sparkRules = { ttlMs: 1_000, staleMs: 9_000 } as const;

export interface StocksApiOptions {
  readonly ports: Pick<StocksPorts, 'results' | 'state' | 'cache' | 'clock'>;
  readonly view: MarketView;
  readonly proofTaker: ProofTaker;
  /** Tells this instance's answers from another's, whose revisions mean something else. */
  readonly instance: string;
  /** Until somebody sets another. */
  readonly tradesPerSecond: TradesPerSecond;
}

const tags = ['stocks'];
const NotModified = Type.Null({ description: 'Nothing changed since the answer with that ETag' });
const OneCompany = Type.Object({ code: CompanyCode });
type OneCompany = Static<typeof OneCompany>;
const timeBound = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

const BatchesQuery = Type.Object(
  {
    after: Type.Optional(Type.Integer({ minimum: 0, description: 'Batches with a number above this one, oldest first; 0 if left out' })),
    limit: Type.Integer({ minimum: 1, maximum: maxBatchesPerPage, default: 100, description: 'Batches a page' }),
    newest: Type.Optional(
      Type.Integer({ minimum: 1, maximum: maxBatchesPerPage, description: 'Instead: this many of the newest, oldest first' }),
    ),
  },
  { additionalProperties: false },
);
type BatchesQuery = Static<typeof BatchesQuery>;

const BarsQuery = Type.Object(
  {
    interval: BarIntervalName,
    from: timeBound('First start, included, milliseconds since 1970; the beginning if left out'),
    to: timeBound('Last start, excluded, milliseconds since 1970; the end if left out'),
    limit: Type.Integer({ minimum: 1, maximum: maxBarsPerPage, default: 500, description: 'Bars a page' }),
    take: Type.Union([Type.Literal('newest'), Type.Literal('oldest')], {
      default: 'newest',
      description: 'Which end of the range to begin at',
    }),
  },
  { additionalProperties: false },
);
type BarsQuery = Static<typeof BarsQuery>;

const SparksQuery = Type.Object(
  { minutes: Type.Integer({ minimum: 1, maximum: maxSparkMinutes, default: 60, description: 'How far back' }) },
  { additionalProperties: false },
);
type SparksQuery = Static<typeof SparksQuery>;

export function addStocksRoutes(server: FastifyInstance, options: StocksApiOptions): void {
  const { view } = options;

  server.get(
    '/api/stocks/companies',
    { schema: { tags, summary: 'Every company at a glance', response: { 200: Companies, 304: NotModified } } },
    async (request, reply) => {
      requireLoaded(view);
      const tag = `W/"${view.epoch}-${options.instance}-${view.revision}"`;
      reply.header('etag', tag).header('cache-control', 'no-cache');
      if (request.headers['if-none-match'] === tag) return reply.code(304).send(null);
      return { companies: [...view.summaries()] };
    },
  );

  server.get<{ Params: OneCompany }>(
    '/api/stocks/companies/:code',
    { schema: { tags, summary: 'One company at a glance', params: OneCompany, response: { 200: CompanySummary } } },
    async (request, reply) => {
      const { code } = request.params;
      requireKnown(view, code);
      const summary = view.summary(code);
      if (summary === undefined)
        throw new KontorError('not_found', `${code} has not traded yet: set a speed with PUT /api/stocks/rate, or wait.`);
      fresh(reply);
      return summary;
    },
  );

  server.get<{ Querystring: SparksQuery }>(
    '/api/stocks/sparks',
    {
      schema: {
        tags,
        summary: 'Sparklines of all companies',
        description: `Of the ${maxSparks} busiest companies.`,
        querystring: SparksQuery,
        response: { 200: Sparks },
      },
    },
    async (request, reply) => {
      requireLoaded(view);
      reply.header('cache-control', 'public, max-age=1');
      return readSparks(request.query.minutes, options);
    },
  );

  server.get<{ Params: OneCompany; Querystring: BatchesQuery }>(
    '/api/stocks/companies/:code/batches',
    {
      schema: {
        tags,
        summary: 'Closed batches',
        description: 'A page is complete and never changes once `next` is set; old batches go when retention says so.',
        params: OneCompany,
        querystring: BatchesQuery,
        response: { 200: BatchPage },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const { after, limit, newest } = request.query;
      requireKnown(view, code);
      fresh(reply);
      if (newest !== undefined) {
        if (after !== undefined) throw badField('newest', 'cannot be combined with after: send one of them');
        const batches = await options.ports.results.newestBatches(code, newest);
        return { batches: batches.map(batchView), next: null };
      }
      // One more than asked for tells whether there is a next page.
      const batches = (await options.ports.results.batchesAfter(code, after ?? 0, limit + 1)).map(batchView);
      const page = batches.slice(0, limit);
      return { batches: page, next: batches.length > limit ? (page.at(-1)?.number ?? null) : null };
    },
  );

  server.get<{ Params: OneCompany; Querystring: BarsQuery }>(
    '/api/stocks/companies/:code/bars',
    {
      schema: {
        tags,
        summary: 'Bars of seconds, minutes or hours',
        params: OneCompany,
        querystring: BarsQuery,
        response: { 200: BarPage },
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      const { interval, limit, take } = request.query;
      const from = request.query.from ?? 0;
      // The clock may have been set back: bars up to a day ahead are shown too.
      const to = request.query.to ?? options.ports.clock.now() + 24 * barIntervals['1h'];
      requireKnown(view, code);
      if (from >= to) throw badField('from', `must be before to (was ${from}, and to is ${to})`);
      fresh(reply);
      const bars = (await options.ports.results.bars({ company: code, interval, from, to, limit: limit + 1, take })).map(barView);
      const isCut = bars.length > limit;
      if (take === 'oldest') return { company: code, interval, bars: bars.slice(0, limit), next: bars[limit]?.startAt ?? null };
      const page = bars.slice(-limit);
      return { company: code, interval, bars: page, next: isCut ? (page[0]?.startAt ?? null) : null };
    },
  );

  server.get(
    '/api/stocks/proof',
    { schema: { tags, summary: 'That nothing is lost and nothing counted twice', response: { 200: Proof } } },
    async (_request, reply) => {
      fresh(reply);
      return (await options.proofTaker.take()).proof;
    },
  );

  addRateRoutes(server, options);
}

function addRateRoutes(server: FastifyInstance, { ports: { state, clock }, tradesPerSecond }: StocksApiOptions): void {
  server.get(
    '/api/stocks/rate',
    { schema: { tags, summary: "The publisher's speed", response: { 200: Rate } } },
    async (_request, reply) => {
      fresh(reply);
      return { tradesPerSecond: (await state.read(readRate)) ?? tradesPerSecond };
    },
  );

  server.put<{ Body: Rate }>(
    '/api/stocks/rate',
    {
      schema: {
        tags,
        summary: "Sets the publisher's speed, while it runs",
        description: 'Only for admins, unless the house is a demonstration (DEMO).',
        body: Rate,
        response: { 200: Rate },
      },
    },
    async (request) => {
      await requireAdminUnlessDemo(request);
      const rate = request.body.tradesPerSecond;
      await state.write((queries) => writeRate(queries, rate, clock.now()));
      return { tradesPerSecond: rate };
    },
  );
}

async function readSparks(minutes: number, { ports: { results, cache, clock }, view }: StocksApiOptions) {
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

/** Answers that move all the time may be kept, but not shown again without asking. */
function fresh(reply: FastifyReply): void {
  reply.header('cache-control', 'no-cache');
}

function requireLoaded(view: MarketView): void {
  view.look();
  if (view.epoch === undefined)
    throw new KontorError('unavailable', 'The live view is still reading its first figures: try again in a moment.');
}

function requireKnown(view: MarketView, code: string): void {
  requireLoaded(view);
  if (!view.knows(code))
    throw new KontorError('not_found', `There is no company ${code}: GET /api/stocks/companies lists those there are.`);
}

function badField(field: string, message: string): KontorError {
  return new KontorError('invalid_input', `In the query, ${field} ${message}.`, { details: [{ field, message }] });
}
