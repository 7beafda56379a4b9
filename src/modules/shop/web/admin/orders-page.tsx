/** Everybody's orders, by state or account. */
import { useCallback } from 'react';
import type { OrderSummary } from '#modules/shop/api/orders/contracts.ts';
import { usePages } from '#web/api/use-pages.ts';
import { SelectFilter } from '#web/design/filters.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useName } from '#web/language/area-words.ts';
import { Link, replaceQuery, useQuery } from '#web/routing/navigation.tsx';
import { adminNames } from '../names.ts';
import { useOrderColumns } from '../order-columns.tsx';
import { useShopWords } from '../words.ts';
import { loadOrders } from './sources.ts';
import { useShopAdminWords } from './words.ts';

const states: readonly OrderSummary['state'][] = ['awaiting_payment', 'paid', 'packed', 'shipped', 'delivered', 'cancelled', 'returned'];

export function AdminOrdersPage() {
  const { orders: words } = useShopAdminWords();
  const title = useName(adminNames.orders);
  const { orders: shopWords } = useShopWords();
  const query = useQuery();
  const state = states.find((known) => known === query.get('state'));
  const accountId = query.get('account') || undefined;
  const pages = usePages(
    useCallback((after: string | undefined, signal: AbortSignal) => loadOrders({ state, accountId }, after, signal), [state, accountId]),
  );
  const tools = (
    <div className="form-actions">
      {accountId !== undefined && (
        <button type="button" className="button" onClick={() => replaceQuery({ account: '' })}>
          {words.ofAccount(accountId)} ✕
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

function AdminOrderTable({ orders }: { orders: readonly OrderSummary[] }) {
  const { orders: words } = useShopAdminWords();
  const account: Column<OrderSummary> = {
    head: words.account,
    cell: ({ accountId }) => <Link href={`/admin/orders?account=${accountId}`}>{accountId.slice(0, 8)}…</Link>,
  };
  const [order, when, ...others] = useOrderColumns('/admin/orders');
  return <Ledger rows={orders} keyOf={({ id }) => id} columns={[order, when, account, ...others]} />;
}
