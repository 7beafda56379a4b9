/** What the coins' routes take and give: their checks, their documentation, and the browser app's types. */
import { type Static, Type } from 'typebox';
import { maxAmount, maxMemoLength } from '../store/posting.ts';
import { transferKinds } from '../store/tables.ts';

const closed = { additionalProperties: false } as const;
const time = (description: string) => Type.Integer({ description: `${description}, milliseconds since 1970` });
const oneLine = (description: string, minLength: number) =>
  Type.String({ minLength, maxLength: maxMemoLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$', description: `${description}; on one line` });

const AccountId = Type.String({ pattern: '^[0-9a-f]{32}$', description: "The id of somebody's account, as his wallet shows it" });
const Amount = Type.Integer({ minimum: 1, maximum: maxAmount, description: 'Coins' });

export const maxEntriesPerPage = 500;
/** Older ones are had with `before`. */
export const maxCsvEntries = 100_000;

export const RequestHeaders = Type.Object({
  'idempotency-key': Type.String({
    pattern: '^[!-~]{8,200}$',
    description:
      'Names the request, 8 to 200 visible ASCII characters, new for every new request. Sent again with the same body it moves nothing, and is answered as before; this is remembered for ever',
  }),
});
export type RequestHeaders = Static<typeof RequestHeaders>;

export const Wallet = Type.Object(
  {
    account: Type.String({ description: 'What others send coins to: the id of the account' }),
    coins: Type.Integer({ description: 'Coins in the wallet' }),
    held: Type.Integer({ description: 'Coins of these that are set aside for somebody' }),
    available: Type.Integer({ description: 'Coins that can be spent' }),
    faucet: Type.Boolean({ description: 'Whether POST /api/coins/faucet gives coins here' }),
  },
  { $id: 'Wallet' },
);
export type Wallet = Static<typeof Wallet>;

export const Entry = Type.Object(
  {
    entry: Type.Integer({ description: 'Its number in the wallet: 1, 2, 3 … without holes' }),
    at: time('When it was made'),
    kind: Type.Enum([...transferKinds]),
    amount: Type.Integer({ description: 'Coins that came in, or went out when below zero' }),
    balance: Type.Integer({ description: 'Coins in the wallet after it' }),
    counterparty: Type.String({ description: 'The other side, such as `wallet:ACCOUNT` or `revenue:shop`' }),
    memo: Type.String(),
  },
  { $id: 'StatementEntry' },
);

export const Statement = Type.Object(
  {
    entries: Type.Array(Entry, { description: 'Newest first' }),
    next: Type.Union([Type.Integer(), Type.Null()], { description: 'Send it as `before` for the next page; null at the end' }),
  },
  { $id: 'Statement' },
);

const before = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'The `next` of the page before; the newest entries if left out',
  }),
);

export const StatementQuery = Type.Object(
  { before, limit: Type.Integer({ minimum: 1, maximum: maxEntriesPerPage, default: 50, description: 'Entries a page' }) },
  closed,
);
export type StatementQuery = Static<typeof StatementQuery>;

export const CsvQuery = Type.Object({ before }, closed);
export type CsvQuery = Static<typeof CsvQuery>;

export const Holds = Type.Object(
  {
    holds: Type.Array(
      Type.Object({
        payee: Type.String(),
        amount: Type.Integer({ description: 'Coins' }),
        memo: Type.String(),
        placedAt: time('When it was placed'),
        expiresAt: time('When the coins are free again if nobody has taken them'),
      }),
      { description: 'At most 100, newest first' },
    ),
  },
  { $id: 'Holds' },
);

export const NewTransfer = Type.Object({ to: AccountId, amount: Amount, memo: Type.Optional(oneLine('What both sides read', 0)) }, closed);
export type NewTransfer = Static<typeof NewTransfer>;

export const NewGrant = Type.Object({ account: AccountId, amount: Amount, reason: oneLine('What the receiver reads', 3) }, closed);
export type NewGrant = Static<typeof NewGrant>;

export const Moved = Type.Object(
  {
    repeated: Type.Boolean({ description: 'Whether it was done before, under the same key' }),
    amount: Type.Integer({ description: 'Coins' }),
    available: Type.Integer({
      description: 'Coins that can now be spent from the wallet that this is about: the own one, of a grant the receiver’s',
    }),
  },
  { $id: 'CoinsMoved' },
);
export type Moved = Static<typeof Moved>;

export const OneAccount = Type.Object({ account: AccountId });
export type OneAccount = Static<typeof OneAccount>;

export const HouseBalances = Type.Object(
  {
    accounts: Type.Array(
      Type.Object({ id: Type.String(), coins: Type.Integer({ description: 'Below zero for the mint, by what there is in the world' }) }),
    ),
  },
  { $id: 'HouseBalances' },
);
