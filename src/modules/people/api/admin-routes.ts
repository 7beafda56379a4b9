/** Routes for admins: accounts, their roles and locks, the audit trail, and the signing keys. */
import { type Route, route } from '#http/route.ts';
import { listAccounts } from '../store/accounts/accounts.ts';
import { changeAccount } from '../store/accounts/admin.ts';
import { listEvents } from '../store/accounts/events.ts';
import type { PeopleContext } from '../store/context.ts';
import { replaceSigningKeys } from '../store/sessions/signing-keys.ts';
import * as contracts from './contracts.ts';

export function adminRoutes({ ports }: PeopleContext): readonly Route[] {
  return [
    route(contracts.accounts, async ({ query }) => {
      const { items, next } = await ports.state.read((queries) => listAccounts(queries, query));
      return { accounts: items, next };
    }),
    route(contracts.changeAccount, ({ account, params, body, request }) =>
      changeAccount(ports, params.id, body, { id: account.id, name: account.email, address: request.ip }),
    ),
    route(contracts.allEvents, async ({ query: { account, ...page } }) => {
      const { items, next } = await ports.state.read((queries) => listEvents(queries, { ...page, accountId: account }));
      return { events: items, next };
    }),
    route(contracts.replaceKeys, () => replaceSigningKeys(ports)),
  ];
}
