/** What the contracts of results and of the feed are made of. */
import { Type } from 'typebox';
import { at, maybeAt, OrderId } from '../orders/schemas.ts';

export const OneResult = Type.Object({
  id: OrderId,
  number: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'The number of the result in its order' }),
});

const text = (description: string) => Type.Union([Type.String(), Type.Null()], { description });
const whole = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });

export const itemFields = {
  order: OrderId,
  number: Type.Integer({ description: 'Without holes among the results of the order' }),
  feed: Type.Integer({ description: 'Without holes among all results of the account' }),
  generation: Type.Integer({ description: 'Raised when the schedule is edited; 0 for runs asked for by hand' }),
  slot: Type.Integer({ description: 'Counts the runs of a generation' }),
  outcome: Type.Enum(['delivered', 'failed', 'withdrawn']),
  withdraws: whole('Of a notice: the number of the result of the order that it takes back'),
  reason: text('Why it failed or was withdrawn'),
  dueAt: at('When the run was due'),
  claimedAt: maybeAt('When a miner took it'),
  deliveredAt: at('When the result was stored'),
  attempts: Type.Integer(),
  status: whole('Of HTTP'),
  address: text('Where the page came from, after redirects'),
  contentType: text('Of the page'),
  bytes: Type.Integer({ description: 'Of the page' }),
  sha256: text('Of the page'),
  value: text('What was extracted'),
  micros: whole('The value, where it is a number, in millionths'),
  changed: Type.Boolean({ description: 'Whether the value, or the text of the page, differs from the result before' }),
};

export const ResultItem = Type.Object(itemFields, { $id: 'ErrandResult' });
