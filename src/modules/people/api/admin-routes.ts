/** Routes for admins: accounts, their roles and locks, the audit trail, and the signing keys. */
import { type Route, route } from '#http/route.ts';
import { listAccounts } from '../store/accounts/accounts.ts';
import { changeAccount } from '../store/accounts/admin.ts';
import { listNamedEvents } from '../store/accounts/events.ts';
import type { PeopleContext } from '../store/context.ts';
import { replaceSigningKeys } from '../store/sessions/signing-keys.ts';
import * as contracts from './contracts.ts';

export function adminRoutes(context: PeopleContext): readonly Route[] {
  const { ports } = context;
  return [
    route(contracts.accounts, async ({ query }) => {
      const { items, next, cut } = await ports.state.read((queries) => listAccounts(queries, query));
      return { accounts: items, next, cut };
    }),
    route(contracts.changeAccount, ({ account, params, body, request }) =>
      changeAccount(ports, params.id, body, { id: account.id, name: account.email, address: request.ip }),
    ),
    route(contracts.allEvents, ({ query: { account, ...page } }) =>
      ports.state.read((queries) => listNamedEvents(queries, { ...page, accountId: account })),
    ),
    route(contracts.replaceKeys, () => replaceSigningKeys(context)),
  ];
}
