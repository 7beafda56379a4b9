/** The contracts of the coins: one's own wallet, and what admins see and give. */
import { Type } from 'typebox';
import { contract, media } from '#http/contract.ts';
import { requestKeyFilter } from '#http/idempotency.ts';
import { pageQuery } from '#http/paging.ts';
import {
  Holds,
  HouseBalances,
  Moved,
  maxCsvEntries,
  NewGrant,
  NewTransfer,
  OneAccount,
  RequestHeaders,
  Statement,
  Wallet,
} from './schemas.ts';

const own = { tags: ['coins'], access: 'account' } as const;
const forAdmins = { tags: ['coins'], access: 'admin' } as const;
const closed = { additionalProperties: false } as const;

const statementQuery = Type.Object(pageQuery({ defaultLimit: 50, maxLimit: 500 }), closed);
const ownStatementQuery = Type.Object({ ...pageQuery({ defaultLimit: 50, maxLimit: 500 }), key: requestKeyFilter }, closed);
const listQuery = Type.Object(pageQuery({ defaultLimit: 100, maxLimit: 100 }), closed);

export const readWallet = contract({
  ...own,
  method: 'GET',
  path: '/api/coins/wallet',
  summary: 'What is in your wallet',
  response: { 200: Wallet },
});

export const listStatement = contract({
  ...own,
  method: 'GET',
  path: '/api/coins/statement',
  summary: 'What came into your wallet and went out',
  query: ownStatementQuery,
  response: { 200: Statement },
});

export const exportStatement = contract({
  ...own,
  method: 'GET',
  path: '/api/coins/statement.csv',
  summary: 'The same as CSV',
  description: `Newest first, times in UTC, at most ${maxCsvEntries} entries: older ones with \`after\`, as for the statement.`,
  query: Type.Object({ after: pageQuery().after }, closed),
  response: { 200: media('text/csv', 'The statement') },
});

export const listHolds = contract({
  ...own,
  method: 'GET',
  path: '/api/coins/holds',
  summary: 'Coins that are set aside',
  query: listQuery,
  response: { 200: Holds },
});

export const sendCoins = contract({
  ...own,
  method: 'POST',
  path: '/api/coins/transfers',
  summary: 'Send coins to somebody',
  headers: RequestHeaders,
  body: NewTransfer,
  response: { 200: Moved },
});

export const takeFromFaucet = contract({
  ...own,
  method: 'POST',
  path: '/api/coins/faucet',
  summary: 'Coins for nothing, once a day (in a demonstration)',
  response: { 200: Moved },
});

export const grantCoins = contract({
  ...forAdmins,
  method: 'POST',
  path: '/api/coins/grants',
  summary: 'Give coins from the mint (admins)',
  headers: RequestHeaders,
  body: NewGrant,
  response: { 200: Moved },
});

export const readAnyWallet = contract({
  ...forAdmins,
  method: 'GET',
  path: '/api/coins/accounts/:account',
  summary: "What is in somebody's wallet (admins)",
  params: OneAccount,
  response: { 200: Wallet },
});

export const listAnyStatement = contract({
  ...forAdmins,
  method: 'GET',
  path: '/api/coins/accounts/:account/statement',
  summary: "What came into somebody's wallet and went out (admins)",
  params: OneAccount,
  query: statementQuery,
  response: { 200: Statement },
});

export const listHouseBalances = contract({
  ...forAdmins,
  method: 'GET',
  path: '/api/coins/house',
  summary: 'What the house itself has (admins)',
  query: listQuery,
  response: { 200: HouseBalances },
});
