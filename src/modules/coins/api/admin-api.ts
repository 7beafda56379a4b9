/** For admins: coins from the mint, anyone's wallet, and the accounts of the house. */
import { type Route, route } from '#http/route.ts';
import { houseAccounts } from '../domain/accounts.ts';
import { houseBalances } from '../store/accounts.ts';
import { type CoinsContext, moveOnce, statementPage, walletFor, walletView } from './context.ts';
import { grantCoins, listAnyStatement, listHouseBalances, readAnyWallet } from './contracts.ts';

export function adminRoutes(context: CoinsContext): readonly Route[] {
  const { state, clock, log } = context.ports;

  return [
    route(grantCoins, async ({ account: admin, headers, body: { account, amount, reason } }) => {
      const credit = await walletFor(context, account, 'account');
      // The scope names the admin: the books tell who gave them.
      const name = { scope: `grant:${admin.id}`, key: headers['idempotency-key'] };
      const transfer = { ...name, kind: 'grant', debit: houseAccounts.mint, credit, amount, memo: reason, at: clock.now() } as const;
      const moved = await moveOnce(context, transfer, account);
      if (!moved.repeated) log.info({ admin: admin.id, account, amount, reason }, 'an admin gave coins from the mint');
      return moved;
    }),
    route(readAnyWallet, ({ params: { account } }) => walletView(context, account, 0)),
    route(listAnyStatement, ({ params: { account }, query }) => statementPage(context, account, query)),
    route(listHouseBalances, async ({ query }) => {
      const { items, next } = await state.read((queries) => houseBalances(queries, query));
      return { accounts: items, next };
    }),
  ];
}
