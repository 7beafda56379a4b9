/** The routes of the stocks market as contracts: what each takes and answers. */
import { Type } from 'typebox';
import { contract, empty, lines } from '#http/contract.ts';
import { idempotencyHeaders } from '#http/idempotency.ts';
import { pageQuery } from '#http/paging.ts';
import {
  BarIntervalName,
  BarPage,
  BatchPage,
  Companies,
  CompanyCode,
  CompanySummary,
  NewTrade,
  OutsideCompanies,
  OutsideCompany,
  Proof,
  Rate,
  Sparks,
  TradesAccepted,
  Watched,
} from './schemas.ts';

const about = { tags: ['stocks'], access: 'anyone' } as const;
/** Answers that move all the time may be kept, but not shown again without asking. */
const cacheControl = 'no-cache';
const OneCompany = Type.Object({ code: CompanyCode });
const closed = { additionalProperties: false };
const maxCompaniesPerPage = 1_000;
const maxBatchesPerPage = 1_000;
const maxBarsPerPage = 5_000;
const maxSparkMinutes = 1_440;

export const listCompanies = contract({
  ...about,
  method: 'GET',
  path: '/api/stocks/companies',
  summary: 'Companies at a glance, by code',
  query: Type.Object(pageQuery({ defaultLimit: maxCompaniesPerPage, maxLimit: maxCompaniesPerPage }), closed),
  cacheControl,
  response: { 200: Companies, 304: empty('Nothing changed since the answer with that ETag') },
});

export const readCompany = contract({
  ...about,
  method: 'GET',
  path: '/api/stocks/companies/:code',
  summary: 'One company at a glance',
  params: OneCompany,
  cacheControl,
  response: { 200: CompanySummary },
});

export const readSparks = contract({
  ...about,
  method: 'GET',
  path: '/api/stocks/sparks',
  summary: 'Sparklines of all companies',
  description: 'Of the 200 busiest companies.',
  query: Type.Object({ minutes: Type.Integer({ minimum: 1, maximum: maxSparkMinutes, default: 60, description: 'How far back' }) }, closed),
  cacheControl: 'public, max-age=1',
  response: { 200: Sparks },
});

export const listBatches = contract({
  ...about,
  method: 'GET',
  path: '/api/stocks/companies/:code/batches',
  summary: 'Closed batches',
  description: 'A page is complete and never changes once `next` is set; old batches go when retention says so.',
  params: OneCompany,
  query: Type.Object(
    {
      ...pageQuery({ defaultLimit: 100, maxLimit: maxBatchesPerPage }),
      from: Type.Optional(Type.Integer({ minimum: 1, description: 'First number, included; the oldest batch kept if left out' })),
      newest: Type.Optional(
        Type.Integer({ minimum: 1, maximum: maxBatchesPerPage, description: 'Instead: this many of the newest, oldest first' }),
      ),
    },
    closed,
  ),
  cacheControl,
  response: { 200: BatchPage },
});

const timeBound = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

export const listBars = contract({
  ...about,
  method: 'GET',
  path: '/api/stocks/companies/:code/bars',
  summary: 'Bars of seconds, minutes or hours',
  params: OneCompany,
  query: Type.Object(
    {
      ...pageQuery({ defaultLimit: 500, maxLimit: maxBarsPerPage }),
      interval: BarIntervalName,
      from: timeBound('First start, included, milliseconds since 1970; the beginning if left out'),
      to: timeBound('Last start, excluded, milliseconds since 1970; the end if left out'),
      take: Type.Union([Type.Literal('newest'), Type.Literal('oldest')], {
        default: 'newest',
        description: 'Which end of the range to begin at',
      }),
    },
    closed,
  ),
  cacheControl,
  response: { 200: BarPage },
});

export const readProof = contract({
  ...about,
  method: 'GET',
  path: '/api/stocks/proof',
  summary: 'That nothing is lost and nothing counted twice',
  cacheControl,
  response: { 200: Proof },
});

export const readSpeed = contract({
  ...about,
  method: 'GET',
  path: '/api/stocks/rate',
  summary: "The publisher's speed",
  cacheControl,
  response: { 200: Rate },
});

export const setSpeed = contract({
  ...about,
  method: 'PUT',
  path: '/api/stocks/rate',
  summary: "Sets the publisher's speed, while it runs",
  description: 'Only for admins, unless the house is a demonstration (DEMO).',
  access: 'admin-unless-demo',
  body: Rate,
  response: { 200: Rate },
});

export const listOutside = contract({
  ...about,
  method: 'GET',
  path: '/api/stocks/admin/companies',
  summary: 'Companies whose trades come from outside',
  access: 'admin',
  query: Type.Object(pageQuery({ defaultLimit: 100, maxLimit: maxCompaniesPerPage }), closed),
  cacheControl: 'no-store',
  response: { 200: OutsideCompanies },
});

export const listWatched = contract({
  ...about,
  method: 'GET',
  path: '/api/stocks/watched',
  summary: 'The companies on my watch list',
  access: 'account',
  cacheControl: 'no-store',
  response: { 200: Watched },
});

export const watchCompany = contract({
  ...about,
  method: 'PUT',
  path: '/api/stocks/watched/:code',
  summary: 'Put a company on my watch list',
  description: 'A company that is on it already stays where it is.',
  access: 'account',
  params: OneCompany,
  response: { 200: Watched },
});

export const unwatchCompany = contract({
  ...about,
  method: 'DELETE',
  path: '/api/stocks/watched/:code',
  summary: 'Take a company off my watch list',
  access: 'account',
  params: OneCompany,
  response: { 200: Watched },
});

export const retireCompany = contract({
  ...about,
  method: 'PATCH',
  path: '/api/stocks/admin/companies/:code',
  summary: 'Retire a company, or bring it back',
  description: 'A retired company takes no more trades, is not listed, and leaves its place to another. What it traded stays in the books.',
  access: 'admin',
  params: OneCompany,
  body: Type.Object({ retired: Type.Boolean() }, closed),
  response: { 200: OutsideCompany },
});

export const putTrades = contract({
  ...about,
  method: 'POST',
  path: '/api/stocks/trades',
  summary: 'Put your own trades on the tape',
  description:
    'Takes an access token with the scope `trades`, or the session of an admin. For companies that are not simulated, and not for instruments of modules such as SHOP.TEA. Prices are whole cents; `at` is the present if left out. All trades of a request are stored, or none.',
  access: 'trades',
  headers: idempotencyHeaders(
    'Names the request, 8 to 200 visible ASCII characters, new for every new request. Sent again with the same body, it adds nothing and gets its first answer; remembered for 7 days',
  ),
  // A JSON array is short; its trades are checked by the handler, which names each that is wrong.
  body: [
    lines(NewTrade, 'One trade a line, at most 50,000'),
    Type.Array(Type.Unknown({ description: 'A trade, as on a line of application/x-ndjson' }), { minItems: 1 }),
  ],
  bodyLimit: 8 * 1_024 * 1_024,
  response: { 202: TradesAccepted },
});
