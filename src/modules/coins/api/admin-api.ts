/** Routes for admins: coins from the mint, anybody's wallet, and what the house itself has. */
import type { FastifyInstance } from 'fastify';
import { forAccounts, requireAdmin } from '#http/sessions.ts';
import { houseAccounts, walletOf } from '../post.ts';
import { houseBalances } from '../store/accounts.ts';
import { type CoinsContext, postOne, walletBalance, walletFor } from './context.ts';
import { statementPage } from './own-api.ts';
import { HouseBalances, Moved, NewGrant, OneAccount, RequestHeaders, Statement, StatementQuery, Wallet } from './schemas.ts';

const about = { tags: ['coins'], security: forAccounts };

export function addAdminRoutes(server: FastifyInstance, context: CoinsContext): void {
  const { state, clock, log } = context.ports;

  server.post<{ Body: NewGrant; Headers: RequestHeaders }>(
    '/api/coins/grants',
    {
      schema: { ...about, summary: 'Give coins from the mint (admins)', headers: RequestHeaders, body: NewGrant, response: { 200: Moved } },
    },
    async (request) => {
      const admin = await requireAdmin(request);
      const { account, amount, reason } = request.body;
      const credit = await walletFor(context, account, 'account');
      // Who gave them stays in the books: the scope names the admin.
      const name = { scope: `grant:${admin.id}`, key: request.headers['idempotency-key'] };
      const transfer = { ...name, kind: 'grant', debit: houseAccounts.mint, credit, amount, memo: reason, at: clock.now() } as const;
      const moved = await postOne(context, transfer, credit);
      if (!moved.repeated) log.info({ admin: admin.id, account, amount, reason }, 'an admin gave coins from the mint');
      return moved;
    },
  );

  server.get<{ Params: OneAccount }>(
    '/api/coins/accounts/:account',
    { schema: { ...about, summary: "What is in somebody's wallet (admins)", params: OneAccount, response: { 200: Wallet } } },
    async (request) => {
      await requireAdmin(request);
      const { account } = request.params;
      const { posted, held, available } = await walletBalance(context, account);
      return { account, coins: posted, held, available, faucet: false };
    },
  );

  server.get<{ Params: OneAccount; Querystring: StatementQuery }>(
    '/api/coins/accounts/:account/statement',
    {
      schema: {
        ...about,
        summary: "What came into somebody's wallet and went out (admins)",
        params: OneAccount,
        querystring: StatementQuery,
        response: { 200: Statement },
      },
    },
    async (request) => {
      await requireAdmin(request);
      return statementPage(state, walletOf(request.params.account), request.query);
    },
  );

  server.get(
    '/api/coins/house',
    { schema: { ...about, summary: 'What the house itself has (admins)', response: { 200: HouseBalances } } },
    async (request) => {
      await requireAdmin(request);
      return { accounts: [...(await state.read(houseBalances))] };
    },
  );
}
