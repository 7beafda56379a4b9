/** One's own results: lists, one with its text and page, what changed, numbers for charts, and how late they came. */
import { Type } from 'typebox';
import { contract, media } from '#http/contract.ts';
import { Next, pageQuery } from '#http/paging.ts';
import { resultFilters } from '../../store/results/read.ts';
import { at, OneOrder, OrderId } from '../orders/schemas.ts';
import { itemFields, OneResult, ResultItem } from './schemas.ts';

const tags = ['errands'];

const only = Type.Optional(Type.Enum([...resultFilters], { description: 'Only those; `failed` has withdrawn ones, too' }));
const ResultPage = Type.Object({ results: Type.Array(ResultItem, { description: 'Newest first' }), next: Next });

export const listResults = contract({
  method: 'GET',
  path: '/api/errands/results',
  tags,
  summary: 'The results of all of one’s orders',
  access: 'account',
  query: Type.Object({ ...pageQuery(), only }, { additionalProperties: false }),
  response: { 200: ResultPage },
});

export const listOrderResults = contract({
  method: 'GET',
  path: '/api/errands/orders/:id/results',
  tags,
  summary: 'The results of an order',
  access: 'account',
  params: OneOrder,
  query: Type.Object({ ...pageQuery(), only }, { additionalProperties: false }),
  response: { 200: ResultPage },
});

const OneShown = Type.Object(
  {
    ...itemFields,
    timings: Type.Record(Type.String(), Type.Number(), { description: 'Milliseconds by phase' }),
    miner: Type.Union([Type.String(), Type.Null()], { description: 'An alias, the same within the order; null for the house' }),
    pageOf: Type.Union([Type.Integer(), Type.Null()], {
      description: 'The number of the result that the page is kept with: an earlier one where nothing changed; null where there is none',
    }),
    text: Type.Union([Type.String(), Type.Null()], { description: 'The text of the page as people see it; null for what is no text' }),
    textCut: Type.Boolean({ description: 'Whether the text goes on' }),
  },
  { $id: 'ErrandResultShown' },
);

export const readResult = contract({
  method: 'GET',
  path: '/api/errands/orders/:id/results/:number',
  tags,
  summary: 'A result with the text of its page',
  access: 'account',
  params: OneResult,
  response: { 200: OneShown },
});

export const readPage = contract({
  method: 'GET',
  path: '/api/errands/orders/:id/results/:number/page',
  tags,
  summary: 'The page of a result as it was fetched',
  description: 'Always as a file to save: browsers do not show it, and run nothing of it. Its own type is in X-Page-Type.',
  access: 'account',
  params: OneResult,
  response: { 200: media('application/octet-stream', 'The page') },
});

const Part = Type.Object({ text: Type.String(), changed: Type.Boolean({ description: 'Whether this part of the line differs' }) });
const DifferenceLine = Type.Union([
  Type.Object({ kind: Type.Enum(['same', 'added', 'removed']), parts: Type.Array(Part) }),
  Type.Object({ kind: Type.Literal('skipped'), lines: Type.Integer({ description: 'Lines that are the same on both sides' }) }),
]);

export const readDifference = contract({
  method: 'GET',
  path: '/api/errands/orders/:id/results/:number/difference',
  tags,
  summary: 'What changed since the last change before this result',
  access: 'account',
  params: OneResult,
  response: {
    200: Type.Object({
      before: Type.Union([Type.Integer(), Type.Null()], {
        description: 'The number of the result that it is compared with; null for the first',
      }),
      of: Type.Enum(['value', 'text'], { description: 'What is compared' }),
      difference: Type.Union(
        [
          Type.Object({
            lines: Type.Array(DifferenceLine),
            added: Type.Integer(),
            removed: Type.Integer(),
            cut: Type.Boolean({ description: 'Whether not all of it is shown' }),
          }),
          Type.Null(),
        ],
        { description: 'Null where there is nothing to compare, or it took too long' },
      ),
    }),
  },
});

const micros = (description: string) => Type.Integer({ description: `${description}, in millionths` });
/** Days. */
const defaultSeriesDays = 30;

export const readSeries = contract({
  method: 'GET',
  path: '/api/errands/orders/:id/series',
  tags,
  summary: 'The numbers of an order, for charts',
  access: 'account',
  params: OneOrder,
  query: Type.Object(
    {
      days: Type.Integer({ minimum: 1, maximum: 3_650, default: defaultSeriesDays, description: 'How far back' }),
      points: Type.Integer({ minimum: 2, maximum: 1_000, default: 300, description: 'At most so many: those between are put together' }),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object({
      points: Type.Array(
        Type.Object({ at: at('When it was due'), low: micros('The least'), high: micros('The most'), last: micros('The last') }),
      ),
    }),
  },
});

export const readLatency = contract({
  method: 'GET',
  path: '/api/errands/latency',
  tags,
  summary: 'How late results of one’s orders were, against the promise',
  access: 'account',
  query: Type.Object(
    { order: Type.Optional(OrderId), hours: Type.Integer({ minimum: 1, maximum: 720, default: 24, description: 'How far back' }) },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object({
      promiseMs: Type.Integer({ description: 'From when a run is due to its result' }),
      results: Type.Integer({ description: 'Delivered; of very many, the newest are counted' }),
      p50: Type.Integer({ description: 'Milliseconds' }),
      p99: Type.Integer({ description: 'Milliseconds' }),
      worst: Type.Integer({ description: 'Milliseconds' }),
      failed: Type.Integer({ description: 'Refunded instead' }),
    }),
  },
});
