/** What the stocks market takes and answers, as schemas of its contracts. */
import { type Static, Type } from 'typebox';
import { Next } from '#http/paging.ts';
import { companyPattern } from '../domain/companies.ts';

export const CompanyCode = Type.String({ pattern: companyPattern, description: 'Upper-case code of a company, such as MSFT' });

const cents = (description: string) => Type.Number({ description: `${description}, in cents (may be fractional)` });
const wholeCents = (description: string) => Type.Integer({ description: `${description}, in cents` });
const at = (description: string) => Type.Integer({ description: `${description}, milliseconds since 1970` });
const whole = (description: string) => Type.Integer({ minimum: 0, description });

const next = Type.Union([Type.String(), Type.Null()], { description: 'Send it as `after` for the next page; null on the last' });

/** One company at a glance. */
export const CompanySummary = Type.Object(
  {
    company: CompanyCode,
    name: Type.String(),
    sector: Type.String(),
    simulated: Type.Boolean({ description: 'True when the publisher makes its trades, false when they came in from outside' }),
    position: whole('Sequence number of the newest trade counted'),
    lastPriceCents: wholeCents('Price of the newest trade'),
    lastAt: at('Time of the newest trade'),
    referenceCents: Type.Union([Type.Integer(), Type.Null()], { description: 'First price of the last 24 hours, in cents, or null' }),
    changeBasisPoints: Type.Union([Type.Number(), Type.Null()], {
      description: 'Change since the reference price, in hundredths of a percent',
    }),
    dayHighCents: Type.Union([Type.Integer(), Type.Null()]),
    dayLowCents: Type.Union([Type.Integer(), Type.Null()]),
    dayTrades: whole('Trades in the last 24 hours'),
    dayVolume: whole('Shares traded in the last 24 hours'),
    dayBuyVolume: whole('Shares of those in buy trades'),
    batches: whole('Number of the newest closed batch'),
    batchAverageCents: Type.Union([cents('Average price of the newest closed batch'), Type.Null()]),
    openTrades: whole('Trades in the batch that is still filling'),
  },
  { $id: 'CompanySummary' },
);
export type CompanySummary = Static<typeof CompanySummary>;

export const Companies = Type.Object({ companies: Type.Array(CompanySummary), next: Next });

export const OutsideCompany = Type.Object(
  {
    company: CompanyCode,
    firstAt: at('When its first trade came'),
    retiredAt: Type.Union([Type.Integer(), Type.Null()], { description: 'Null while it trades' }),
  },
  { $id: 'OutsideCompany' },
);
export type OutsideCompany = Static<typeof OutsideCompany>;
export const OutsideCompanies = Type.Object({ companies: Type.Array(OutsideCompany), next: Next });

/** A company's recent prices, evenly spaced, oldest first; null where nothing was traded yet. */
export const Spark = Type.Object({
  company: CompanyCode,
  stepMs: Type.Integer(),
  endAt: at('Time of the last point'),
  closesCents: Type.Array(Type.Union([Type.Integer(), Type.Null()])),
});
export type Spark = Static<typeof Spark>;
export const Sparks = Type.Object({ sparks: Type.Array(Spark) });

const totals = {
  count: whole('Trades'),
  averageCents: cents('Mean price of the trades'),
  vwapCents: cents('Mean price weighted by quantity'),
  openCents: wholeCents('First price'),
  highCents: wholeCents('Highest price'),
  lowCents: wholeCents('Lowest price'),
  closeCents: wholeCents('Last price'),
  volume: whole('Shares traded'),
  buys: whole('Buy trades'),
  sells: whole('Sell trades'),
  buyVolume: whole('Shares in buy trades'),
};

export const BatchView = Type.Object(
  {
    company: CompanyCode,
    number: Type.Integer({ minimum: 1, description: '1, 2, 3 … without holes' }),
    firstSeq: Type.Integer({ minimum: 1 }),
    lastSeq: Type.Integer({ minimum: 1 }),
    firstAt: at('Time of the earliest trade'),
    lastAt: at('Time of the latest trade'),
    ...totals,
  },
  { $id: 'Batch' },
);
export type BatchView = Static<typeof BatchView>;

export const BatchPage = Type.Object({
  batches: Type.Array(BatchView, { description: 'Oldest first' }),
  next,
});
export type BatchPage = Static<typeof BatchPage>;

export const BarIntervalName = Type.Union([Type.Literal('1s'), Type.Literal('1m'), Type.Literal('1h')]);

export const BarView = Type.Object({ startAt: at('Start, a multiple of the interval'), ...totals }, { $id: 'Bar' });
export type BarView = Static<typeof BarView>;

export const BarPage = Type.Object({
  company: CompanyCode,
  interval: BarIntervalName,
  bars: Type.Array(BarView, { description: 'Oldest first; intervals without trades are left out; the last may still be filling' }),
  next,
});
export type BarPage = Static<typeof BarPage>;

export const Watched = Type.Object({ companies: Type.Array(CompanyCode, { description: 'In the order in which they were put on it' }) });

/** The proof that nothing is lost and nothing counted twice. */
export const Proof = Type.Object(
  {
    published: Type.Union([whole('Trades published, all companies'), Type.Null()], { description: 'Null when the broker cannot tell' }),
    counted: whole('Trades in closed batches'),
    open: whole('Trades in batches still filling'),
    lag: Type.Union([Type.Integer(), Type.Null()], { description: 'published − counted − open: trades still on their way' }),
    tradesPerSecond: Type.Number({ description: 'Counted over the last seconds' }),
    holds: Type.Union([Type.Boolean(), Type.Null()], {
      description: 'Whether every law of the market held at the last check; null before the first, and when one could not be checked',
    }),
    checkedAt: Type.Union([Type.Integer(), Type.Null()], { description: 'When the laws were last checked' }),
    violations: Type.Array(Type.String()),
  },
  { $id: 'Proof' },
);
export type Proof = Static<typeof Proof>;

/** The publisher's rate: trades a second per company, or `max` for as fast as possible. */
export const Rate = Type.Object({
  tradesPerSecond: Type.Union([Type.Number({ minimum: 0, maximum: 10_000_000 }), Type.Literal('max')]),
});
export type Rate = Static<typeof Rate>;

export const NewTrade = Type.Object(
  {
    company: CompanyCode,
    side: Type.Union([Type.Literal('buy'), Type.Literal('sell')]),
    priceCents: Type.Integer({ minimum: 1, maximum: 134_217_727 }),
    quantity: Type.Integer({ minimum: 1, maximum: 1_048_575 }),
    at: Type.Optional(at('When it was traded; now if left out')),
  },
  { additionalProperties: false },
);

export const TradesAccepted = Type.Object(
  {
    accepted: Type.Integer({ description: 'Trades stored; they are on the tape within moments' }),
    companies: Type.Array(Type.Object({ company: CompanyCode, count: Type.Integer() })),
  },
  { $id: 'TradesAccepted' },
);
