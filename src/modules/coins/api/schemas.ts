/** What the contracts of the coins take and give. */
import { type Static, Type } from 'typebox';
import { idempotencyHeaders } from '#http/idempotency.ts';
import { Next } from '#http/paging.ts';
import { maxAmount, maxMemoLength, transferKinds } from '../domain/requests.ts';

const closed = { additionalProperties: false } as const;
const time = (description: string) => Type.Integer({ description: `${description}, milliseconds since 1970` });
const oneLine = (description: string, minLength: number) =>
  Type.String({ minLength, maxLength: maxMemoLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$', description: `${description}; on one line` });

const AccountId = Type.String({ pattern: '^[0-9a-f]{32}$', description: "The id of somebody's account, as its owner's wallet shows it" });
const Amount = Type.Integer({ minimum: 1, maximum: maxAmount, description: 'Coins' });

/** Of one file; `after` gives older ones. */
export const maxCsvEntries = 100_000;

export const RequestHeaders = idempotencyHeaders(
  'Names the request: 8 to 200 visible ASCII characters, new for every new request. The same key with the same body moves nothing and is answered as before, for ever',
);

export const Wallet = Type.Object(
  {
    account: Type.String({ description: 'The id of the account, for those who send coins to it' }),
    coins: Type.Integer({ description: 'Coins in the wallet' }),
    held: Type.Integer({ description: 'Coins of these that are set aside for payees' }),
    available: Type.Integer({ description: 'Coins that can be spent' }),
    faucet: Type.Boolean({ description: 'Whether POST /api/coins/faucet gives coins here' }),
    faucetCoins: Type.Integer({ description: 'What the faucet gives in a day; 0 where there is none' }),
    faucetAt: Type.Union([Type.Integer(), Type.Null()], {
      description: 'When the faucet gives again, milliseconds since 1970; null if it gives now, or never',
    }),
  },
  { $id: 'Wallet' },
);
export type Wallet = Static<typeof Wallet>;

export const Entry = Type.Object(
  {
    entry: Type.Integer({ description: 'Its number in the wallet: 1, 2, 3 … without gaps' }),
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
    next: Next,
  },
  { $id: 'Statement' },
);

export const Holds = Type.Object(
  {
    holds: Type.Array(
      Type.Object({
        payee: Type.String(),
        amount: Type.Integer({ description: 'Coins' }),
        memo: Type.String(),
        placedAt: time('When it was placed'),
        expiresAt: time('When the coins are free again unless the payee has taken them'),
      }),
      { description: 'Newest first' },
    ),
    next: Next,
  },
  { $id: 'Holds' },
);

export const NewTransfer = Type.Object({ to: AccountId, amount: Amount, memo: Type.Optional(oneLine('What both sides read', 0)) }, closed);
export type NewTransfer = Static<typeof NewTransfer>;

export const NewGrant = Type.Object({ account: AccountId, amount: Amount, reason: oneLine('What the receiver reads', 3) }, closed);
export type NewGrant = Static<typeof NewGrant>;

export const Moved = Type.Object(
  {
    repeated: Type.Boolean({ description: 'Whether the same request was made before: nothing moved this time' }),
    amount: Type.Integer({ description: 'Coins' }),
    available: Type.Integer({
      description: 'Coins that can now be spent from your wallet; after a grant, from the receiver’s',
    }),
  },
  { $id: 'CoinsMoved' },
);
export type Moved = Static<typeof Moved>;

export const OneAccount = Type.Object({ account: AccountId });

export const HouseBalances = Type.Object(
  {
    accounts: Type.Array(
      Type.Object({ id: Type.String(), coins: Type.Integer({ description: 'Below zero for the mint, by the coins in circulation' }) }),
    ),
    next: Next,
  },
  { $id: 'HouseBalances' },
);
