/** One's own machines and answers as a miner. */
import { Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { Next, PageQuery, pageQuery } from '#http/paging.ts';
import { at, OrderId } from '../orders/schemas.ts';

const tags = ['errands'];

export const listMachines = contract({
  method: 'GET',
  path: '/api/errands/miner/machines',
  tags,
  summary: 'One’s own machines that fetched, those seen last first',
  access: 'account',
  query: PageQuery,
  response: {
    200: Type.Object({
      machines: Type.Array(
        Type.Object({
          name: Type.String(),
          version: Type.String({ description: 'Of its program' }),
          network: Type.String({ description: 'No two copies of a run are fetched within one' }),
          concurrency: Type.Integer({ description: 'Pages that it fetches at the same time' }),
          pages: Type.Integer(),
          failures: Type.Integer(),
          lastAt: at('When it was seen last'),
        }),
      ),
      next: Next,
    }),
  },
});

const verdicts = ['waiting', 'accepted', 'refused'] as const;

export const listAnswers = contract({
  method: 'GET',
  path: '/api/errands/miner/answers',
  tags,
  summary: 'One’s own answers to runs and what became of them, the newest first',
  access: 'account',
  query: Type.Object(
    { ...pageQuery(), verdict: Type.Optional(Type.Enum([...verdicts], { description: 'Only those, such as `refused`' })) },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object({
      answers: Type.Array(
        Type.Object({
          order: OrderId,
          generation: Type.Integer(),
          slot: Type.Integer(),
          copy: Type.Integer(),
          verdict: Type.Enum([...verdicts]),
          reason: Type.Union([Type.String(), Type.Null()], {
            description:
              'Why it was refused: `lie`, `shut-out`, `disagrees` with most of the others, or `no-majority` among the answers to its run',
          }),
          payment: Type.Enum(['pending', 'paid', 'refunded', 'none'], {
            description: '`refunded` to the customer; `none`: the house fetched the page again for the coin',
          }),
          answeredAt: at('When it came'),
          settlesAt: at('When it is paid, unless an audit is under way'),
        }),
      ),
      next: Next,
    }),
  },
});
