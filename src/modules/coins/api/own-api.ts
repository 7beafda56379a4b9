/** One's own wallet: balance, statement, holds, sending coins, and the faucet of a demonstration. */
import type { FastifyRequest } from 'fastify';
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import { inDemo } from '#http/sessions.ts';
import { houseAccounts, walletOf } from '../domain/accounts.ts';
import { statementCsv, statementCsvHeader } from '../domain/statement-csv.ts';
import { coinsRefusals } from '../refusals.ts';
import { readOpenHolds } from '../store/holds.ts';
import { readEntryOf, statementPages } from '../store/statements.ts';
import { type CoinsContext, dayOf, faucetRequest, moveOnce, statementPage, walletFor, walletView } from './context.ts';
import { exportStatement, listHolds, listStatement, readWallet, sendCoins, takeFromFaucet } from './contracts.ts';
import { maxCsvEntries } from './schemas.ts';

const sendScope = (accountId: string) => `transfer:${accountId}`;

export function ownRoutes(context: CoinsContext): readonly Route[] {
  const { state, clock } = context.ports;
  const faucetCoins = (request: FastifyRequest) => (inDemo(request) ? context.faucetCoins : 0);

  return [
    route(readWallet, ({ account, request }) => walletView(context, account.id, faucetCoins(request))),
    route(listStatement, async ({ account: { id }, query: { key, ...page } }) => {
      if (key === undefined) return statementPage(context, id, page);
      const sent = await state.read((queries) => readEntryOf(queries, walletOf(id), { scope: sendScope(id), key }));
      return { entries: sent === undefined ? [] : [sent], next: null };
    }),
    route(exportStatement, ({ account, query: { after }, reply }) => {
      reply.header('content-disposition', 'attachment; filename="statement.csv"');
      return csvOf(statementPages(state, { account: walletOf(account.id), after, maxEntries: maxCsvEntries }));
    }),
    route(listHolds, async ({ account, query }) => {
      const { items, next } = await state.read((queries) => readOpenHolds(queries, walletOf(account.id), query));
      return { holds: items, next };
    }),
    route(sendCoins, async ({ account: { id }, headers, body: { to, amount, memo = '' } }) => {
      if (to === id) throw refuse(coinsRefusals, 'own-account', {}, 'to');
      const debit = walletOf(id);
      const credit = await walletFor(context, to, 'to');
      const name = { scope: sendScope(id), key: headers['idempotency-key'] };
      return moveOnce(context, { ...name, kind: 'transfer', debit, credit, amount, memo, at: clock.now() }, id);
    }),
    route(takeFromFaucet, async ({ account: { id }, request }) => {
      const amount = faucetCoins(request);
      if (amount === 0) throw refuse(coinsRefusals, 'faucet-closed');
      const at = clock.now();
      const name = faucetRequest(id, dayOf(at));
      const credit = await walletFor(context, id, 'account');
      const moved = await moveOnce(context, { ...name, kind: 'faucet', debit: houseAccounts.mint, credit, amount, at }, id);
      if (moved.repeated) throw refuse(coinsRefusals, 'faucet-empty', { amount });
      return moved;
    }),
  ];
}

async function* csvOf(pages: ReturnType<typeof statementPages>): AsyncGenerator<string> {
  yield statementCsvHeader;
  for await (const entries of pages) yield statementCsv(entries);
}
