/** Routes for one's own wallet: balance, statement, holds, sending coins, and the faucet of a demonstration. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { State } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { forAccounts, inDemo, requireAccount } from '#http/sessions.ts';
import { houseAccounts, walletOf } from '../post.ts';
import { coinsRefusals } from '../refusals.ts';
import { csvHeader, csvLine, readOpenHolds, readStatement } from '../store/statements.ts';
import { type CoinsContext, postOne, walletBalance, walletFor } from './context.ts';
import {
  CsvQuery,
  Holds,
  Moved,
  maxCsvEntries,
  maxEntriesPerPage,
  NewTransfer,
  RequestHeaders,
  Statement,
  StatementQuery,
  Wallet,
} from './schemas.ts';

const about = { tags: ['coins'], security: forAccounts };
const maxHolds = 100;
const dayMs = 86_400_000;

export function addOwnRoutes(server: FastifyInstance, context: CoinsContext): void {
  const { state, clock } = context.ports;

  server.get(
    '/api/coins/wallet',
    { schema: { ...about, summary: 'What is in your wallet', response: { 200: Wallet } } },
    async (request) => {
      const { id } = await requireAccount(request);
      const { posted, held, available } = await walletBalance(context, id);
      return { account: id, coins: posted, held, available, faucet: faucetCoins(request, context) > 0 };
    },
  );

  server.get<{ Querystring: StatementQuery }>(
    '/api/coins/statement',
    { schema: { ...about, summary: 'What came into your wallet and went out', querystring: StatementQuery, response: { 200: Statement } } },
    async (request) => {
      const { id } = await requireAccount(request);
      return statementPage(state, walletOf(id), request.query);
    },
  );

  server.get<{ Querystring: CsvQuery }>(
    '/api/coins/statement.csv',
    {
      schema: {
        ...about,
        summary: 'The same as CSV',
        description: `Newest first, times in UTC, at most ${maxCsvEntries} entries: older ones with \`before\`.`,
        querystring: CsvQuery,
        response: { 200: { description: 'The statement', content: { 'text/csv': { schema: Type.String() } } } },
      },
    },
    async (request, reply) => {
      const { id } = await requireAccount(request);
      reply.header('content-disposition', 'attachment; filename="statement.csv"').type('text/csv; charset=utf-8');
      return reply.send(Readable.from(csvPages(state, walletOf(id), request.query.before)));
    },
  );

  server.get(
    '/api/coins/holds',
    { schema: { ...about, summary: 'Coins that are set aside', response: { 200: Holds } } },
    async (request) => {
      const { id } = await requireAccount(request);
      return { holds: [...(await state.read((queries) => readOpenHolds(queries, walletOf(id), maxHolds)))] };
    },
  );

  server.post<{ Body: NewTransfer; Headers: RequestHeaders }>(
    '/api/coins/transfers',
    { schema: { ...about, summary: 'Send coins to somebody', headers: RequestHeaders, body: NewTransfer, response: { 200: Moved } } },
    async (request) => {
      const { id } = await requireAccount(request);
      const { to, amount, memo = '' } = request.body;
      if (to === id) throw refuse(coinsRefusals, 'own-account', {}, 'to');
      const debit = walletOf(id);
      const credit = await walletFor(context, to, 'to');
      const name = { scope: `transfer:${id}`, key: request.headers['idempotency-key'] };
      return postOne(context, { ...name, kind: 'transfer', debit, credit, amount, memo, at: clock.now() }, debit);
    },
  );

  server.post(
    '/api/coins/faucet',
    { schema: { ...about, summary: 'Coins for nothing, once a day (in a demonstration)', response: { 200: Moved } } },
    async (request) => {
      const { id } = await requireAccount(request);
      const amount = faucetCoins(request, context);
      if (amount === 0) throw refuse(coinsRefusals, 'faucet-closed');
      const now = clock.now();
      // The day is the key: whoever asks twice a day asks for the same.
      const name = { scope: `faucet:${id}`, key: `day ${Math.floor(now / dayMs)}` };
      const credit = await walletFor(context, id, 'account');
      const moved = await postOne(context, { ...name, kind: 'faucet', debit: houseAccounts.mint, credit, amount, at: now }, credit);
      if (moved.repeated) throw refuse(coinsRefusals, 'faucet-empty', { amount });
      return moved;
    },
  );
}

function faucetCoins(request: FastifyRequest, context: CoinsContext): number {
  return inDemo(request) ? context.faucetCoins : 0;
}

export async function statementPage(state: State, account: string, { before, limit }: StatementQuery) {
  const { entries, next } = await state.read((queries) => readStatement(queries, { account, from: before, limit }));
  return { entries: [...entries], next: next ?? null };
}

/** A page at a time, as the reader takes it: however long the statement, no more than a page is in memory. */
async function* csvPages(state: State, account: string, start: number | undefined): AsyncGenerator<string> {
  yield csvHeader();
  let from = start;
  for (let count = 0; count < maxCsvEntries; count += maxEntriesPerPage) {
    const { entries, next } = await state.read((queries) => readStatement(queries, { account, from, limit: maxEntriesPerPage }));
    if (entries.length > 0) yield entries.map(csvLine).join('');
    if (next === undefined) return;
    from = next;
  }
}
