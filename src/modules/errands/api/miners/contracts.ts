/** The market in figures, and what one has earned as a miner. */

import { Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { orNull } from '../or-null.ts';
import { at } from '../orders/schemas.ts';

const tags = ['errands'];

export const readMarket = contract({
  method: 'GET',
  path: '/api/errands/market',
  tags,
  summary: 'Supply and demand of errands: what waits, who fetches, and how fast',
  description: 'Counted anew every second; large counts end at 10,000.',
  access: 'anyone',
  response: {
    200: Type.Object(
      {
        asOf: at('When it was counted'),
        waiting: Type.Integer({ description: 'Runs that are due and with nobody' }),
        oldestMs: orNull(Type.Integer({ description: 'For how long the first of them has been due' })),
        orders: Type.Integer({ description: 'Orders that have a next run' }),
        miners: Type.Integer({ description: 'Accounts whose machines asked for runs in the last minute' }),
        machines: Type.Integer(),
        concurrency: Type.Integer({ description: 'Pages that they fetch at the same time' }),
        delivered: Type.Integer({ description: 'Results in the last minute' }),
        p50: orNull(Type.Integer({ description: 'Milliseconds from due to delivered, of the last 10 minutes' })),
        p99: orNull(Type.Integer({ description: 'The same for 99 of 100' })),
      },
      { $id: 'ErrandsMarket' },
    ),
  },
});

export const readOwnMiner = contract({
  method: 'GET',
  path: '/api/errands/miner',
  tags,
  summary: 'One’s own earnings, reputation and machines as a miner',
  access: 'account',
  response: {
    200: Type.Object(
      {
        state: Type.Enum(['new', 'trusted', 'shut-out']),
        stateReason: orNull(Type.String()),
        validInRow: Type.Integer({ description: 'Checked answers without a refused one between them' }),
        answered: Type.Integer(),
        audited: Type.Integer(),
        refused: Type.Integer(),
        earned: Type.Integer({ description: 'Coins that were paid' }),
        pending: Type.Integer({ description: 'Coins that will be paid when their answers are settled' }),
        machines: Type.Array(
          Type.Object({
            name: Type.String(),
            version: Type.String(),
            concurrency: Type.Integer(),
            pages: Type.Integer(),
            failures: Type.Integer(),
            lastAt: at('When it was seen last'),
          }),
        ),
        refusals: Type.Array(Type.Object({ at: at('When it was answered'), reason: orNull(Type.String()) }), {
          description: 'Answers of the last 7 days that were refused, the newest first',
        }),
      },
      { $id: 'ErrandsMiner' },
    ),
  },
});
