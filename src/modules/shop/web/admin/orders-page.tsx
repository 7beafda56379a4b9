/** Everybody's orders, by state or account. */
import { useCallback, useDeferredValue } from 'react';
import type { AdminOrderSummary } from '#modules/shop/api/admin/orders-contracts.ts';
import { usePages } from '#web/api/use-pages.ts';
import { FindFilter, SelectFilter } from '#web/design/filters.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useName } from '#web/language/area-words.ts';
import { Link, replaceQuery, useQuery } from '#web/routing/navigation.tsx';
import { adminNames } from '../names.ts';
import { useOrderColumns } from '../order-columns.tsx';
import { useShopWords } from '../words.ts';
import { loadOrders } from './sources.ts';
import { useWho } from './use-who.ts';
import { useShopAdminWords } from './words.ts';

const states: readonly AdminOrderSummary['state'][] = [
  'awaiting_payment',
  'paid',
  'packed',
  'shipped',
  'delivered',
  'cancelled',
  'returned',
];

export function AdminOrdersPage() {
  const { orders: words } = useShopAdminWords();
  const whoIs = useWho();
  const title = useName(adminNames.orders);
  const { orders: shopWords } = useShopWords();
  const query = useQuery();
  const state = states.find((known) => known === query.get('state'));
  const accountId = query.get('account') || undefined;
  const search = useDeferredValue((query.get('search') ?? '').trim());
  const pages = usePages(
    useCallback(
      (after: string | undefined, signal: AbortSignal) => loadOrders({ search, state, accountId }, after, signal),
      [search, state, accountId],
    ),
  );
  const ofOne = pages.list.state === 'ready' ? pages.list.value[0] : undefined;
  const tools = (
    <div className="form-actions">
      <FindFilter name="search" label={words.search} hint={words.searchHint} className="sheet-find" />
      {accountId !== undefined && (
        <button type="button" className="button" onClick={() => replaceQuery({ account: '' })}>
          {words.ofAccount(ofOne === undefined ? accountId.slice(0, 8) : whoIs(accountId, ofOne.accountName))} ✕
        </button>
      )}
      <SelectFilter
        name="state"
        label={words.state}
        options={[{ value: '', text: words.all }, ...states.map((known) => ({ value: known, text: shopWords.states[known] }))]}
      />
    </div>
  );
  return (
    <ListSheet title={title} tools={tools} pages={pages} empty={<Empty title={words.empty} hint={words.emptyHint} />}>
      {(orders) => <AdminOrderTable orders={orders} />}
    </ListSheet>
  );
}

export function AdminOrderTable({ orders }: { orders: readonly AdminOrderSummary[] }) {
  const { orders: words } = useShopAdminWords();
  const whoIs = useWho();
  const account: Column<AdminOrderSummary> = {
    head: words.account,
    cell: ({ accountId, accountName }) => (
      <Link href={`/admin/orders?account=${accountId}`} title={accountId}>
        {whoIs(accountId, accountName)}
      </Link>
    ),
  };
  const [order, when, ...others] = useOrderColumns('/admin/orders');
  return <Ledger rows={orders} keyOf={({ id }) => id} columns={[order, when, account, ...others]} />;
}
