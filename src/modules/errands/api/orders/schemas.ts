/** What the contracts of orders are made of. */
import { type Static, Type } from 'typebox';
import { extractionKinds, maxExpressionChars } from '../../domain/extraction/extraction.ts';
import { maxAddressChars } from '../../domain/fetching/check-address.ts';
import { maxCopies, methods, orderStates } from '../../domain/orders.ts';

const coins = (description: string) => Type.Integer({ minimum: 0, description: `${description}, in coins` });
export const at = (description: string) => Type.Integer({ description: `${description}, milliseconds since 1970` });
export const maybeAt = (description: string) =>
  Type.Union([Type.Integer(), Type.Null()], { description: `${description}, milliseconds since 1970` });

export const OrderId = Type.String({ pattern: '^KE-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$', description: 'Such as `KE-7G2M-Q0ZD-41XB`' });
export const OneOrder = Type.Object({ id: OrderId });
export const OrderStateName = Type.Enum([...orderStates]);

const LocalDateTime = Type.String({ maxLength: 40, description: 'Local date and time, such as `2027-03-28T09:00`' });

const Repeat = Type.Union(
  [
    Type.Object({ kind: Type.Literal('once') }, { additionalProperties: false }),
    Type.Object({ kind: Type.Literal('interval'), seconds: Type.Integer({ description: '10 or more' }) }, { additionalProperties: false }),
    Type.Object(
      { kind: Type.Literal('cron'), expression: Type.String({ maxLength: 500, description: 'Such as `0 9 * * mon-fri`' }) },
      { additionalProperties: false },
    ),
  ],
  { description: 'Once, every so many seconds from the start on, or by a cron expression in the time zone' },
);

const ActiveHours = Type.Object(
  {
    days: Type.Array(Type.Integer(), { maxItems: 20, description: '1 for Monday to 7 for Sunday' }),
    from: Type.String({ maxLength: 10, description: 'Such as `09:00`' }),
    to: Type.String({ maxLength: 10, description: 'Such as `17:30`; an end before the beginning is on the next day' }),
  },
  { additionalProperties: false },
);

const ScheduleInput = Type.Object(
  {
    start: Type.Union([LocalDateTime, Type.Null()], { default: null, description: 'Null for now; a changed order keeps its start' }),
    zone: Type.String({ maxLength: 100, default: 'UTC', description: 'A time zone, such as `Europe/Berlin`' }),
    repeat: Repeat,
    repetitions: Type.Union([Type.Integer(), Type.Null()], {
      default: null,
      description: 'How often; null until the order is cancelled. They count from the beginning of the order, also when it is changed',
    }),
    jitterSeconds: Type.Integer({ default: 0, description: 'Each run is due up to so much later' }),
    activeHours: Type.Union([ActiveHours, Type.Null()], { default: null, description: 'Null for at all hours' }),
    catchUp: Type.Enum(['skip', 'one', 'all'], { default: 'one', description: 'What becomes of times that were missed' }),
    lateSeconds: Type.Integer({ default: 300, description: 'A time that is later than this counts as missed' }),
    overlap: Type.Enum(['allow', 'skip'], { default: 'allow', description: 'Whether a time is passed over while a run is open' }),
  },
  { additionalProperties: false },
);
export type ScheduleInput = Static<typeof ScheduleInput>;

const Extraction = Type.Object(
  {
    kind: Type.Enum([...extractionKinds]),
    expression: Type.String({ minLength: 1, maxLength: maxExpressionChars }),
    attribute: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'For CSS: the value of this attribute instead of the text' }),
    ),
    all: Type.Optional(Type.Boolean({ description: 'All that is found, a line each, instead of the first' })),
    decimal: Type.Optional(Type.Enum(['.', ','], { description: 'What separates decimals, where the text does not tell' })),
  },
  { additionalProperties: false },
);

export const OrderInput = Type.Object(
  {
    title: Type.String({ maxLength: 100, pattern: '^[^\\p{Cc}]*$', default: '', description: 'The host if left out' }),
    address: Type.String({ minLength: 1, maxLength: maxAddressChars, description: 'Of the page, http or https' }),
    method: Type.Enum([...methods], { default: 'GET' }),
    headers: Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 1_024 }), {
      default: {},
      maxProperties: 16,
      description: 'Only headers that carry no secret: miners see them',
    }),
    schedule: ScheduleInput,
    extraction: Type.Union([Extraction, Type.Null()], { default: null, description: 'Null for the whole page' }),
    onlyChanges: Type.Boolean({ default: false, description: 'Deliver only what differs from the result before' }),
    webhook: Type.Union([Type.String({ minLength: 1, maxLength: maxAddressChars }), Type.Null()], {
      default: null,
      description: 'Where results are sent to, signed',
    }),
    mail: Type.Boolean({ default: false, description: 'Send results by mail' }),
    copies: Type.Integer({ minimum: 1, maximum: maxCopies, default: 1, description: 'Miners that fetch each run; each costs a coin' }),
    instrument: Type.Union([Type.String({ pattern: '^ERRANDS\\.[A-Z0-9]{1,4}$' }), Type.Null()], {
      default: null,
      description: 'Numbers that are extracted are put on the tape under this name, such as `ERRANDS.TEA`',
    }),
  },
  { additionalProperties: false },
);
export type OrderInput = Static<typeof OrderInput>;

export const NextTimes = Type.Array(at('When a run is due'), { maxItems: 10, description: 'The next ten times' });

export const Price = Type.Object({
  perRepetition: coins('For each repetition'),
  total: Type.Union([Type.Integer(), Type.Null()], { description: 'For all repetitions, in coins; null for an order without an end' }),
  now: coins('Taken when it is ordered'),
  available: coins('In the wallet'),
});

export const Order = Type.Object(
  {
    id: OrderId,
    ...OrderInput.properties,
    host: Type.String(),
    state: OrderStateName,
    stateAt: at('When it came into this state'),
    nextTimes: NextTimes,
    generation: Type.Integer({ description: 'Raised by each change of the schedule' }),
    used: Type.Integer({ description: 'Repetitions that are over, made or passed over' }),
    coins: Type.Object({
      funded: coins('Paid in'),
      prepaid: coins('For runs to come'),
      returned: coins('Came back without a run'),
      earned: coins('Of accepted answers: miners and the house are paid when they are settled'),
      refunded: coins('Came back for runs that failed'),
      outstanding: coins('For runs that are open or not judged'),
    }),
    runs: Type.Object({
      made: Type.Integer(),
      open: Type.Integer(),
      results: Type.Integer(),
      withdrawn: Type.Integer({ description: 'Results that were taken back' }),
    }),
    lastValue: Type.Union([Type.String(), Type.Null()]),
    lastAt: maybeAt('When the last result came'),
    createdAt: at('When it was ordered'),
    changedAt: at('When it was changed last'),
  },
  { $id: 'ErrandsOrder' },
);
export type Order = Static<typeof Order>;

export const Export = Type.Object(
  {
    format: Type.Literal('kontor-errands'),
    version: Type.Literal(1),
    orders: Type.Array(OrderInput, { minItems: 1, maxItems: 1_000 }),
  },
  { additionalProperties: false },
);
export type Export = Static<typeof Export>;
