/** Everybody's orders, by state or account. */
import { useCallback } from 'react';
import type { OrderSummary } from '../../../src/markets/shop/schemas.ts';
import { usePages } from '../api/use-pages.ts';
import { Coins } from '../design/coins.tsx';
import { Loaded } from '../design/loaded.tsx';
import { More } from '../design/pages.tsx';
import { Empty } from '../design/states.tsx';
import { useFormats } from '../language/language.ts';
import { Link, replaceQuery, useQuery } from '../routing/navigation.tsx';
import { OrderBadge } from '../shop/order-badge.tsx';
import { useShopWords } from '../shop/words.ts';
import { loadOrders } from './sources.ts';
import { useAdminWords } from './words.ts';

const states: readonly OrderSummary['state'][] = ['awaiting_payment', 'paid', 'packed', 'shipped', 'delivered', 'cancelled', 'returned'];

export function AdminOrdersPage() {
  const { pages: titles, orders: words } = useAdminWords();
  const { orders: shopWords } = useShopWords();
  const query = useQuery();
  const state = states.find((known) => known === query.get('state')) ?? '';
  const accountId = query.get('account') ?? '';
  const pages = usePages(
    useCallback((before: string | undefined, signal: AbortSignal) => loadOrders({ state, accountId }, before, signal), [state, accountId]),
  );
  return (
    <section className="sheet" aria-labelledby="orders">
      <div className="sheet-head">
        <h2 id="orders">{titles.orders}</h2>
        <div className="form-actions">
          {accountId !== '' && (
            <button type="button" className="button" onClick={() => replaceQuery({ account: '' })}>
              {words.ofAccount(accountId)} ✕
            </button>
          )}
          <label className="admin-filter">
            <span className="label">{words.state}</span>
            <select className="field" value={state} onChange={(event) => replaceQuery({ state: event.target.value })}>
              <option value="">{words.all}</option>
              {states.map((known) => (
                <option key={known} value={known}>
                  {shopWords.states[known]}
                </option>
              ))}
            </select>
          </label>
        </div>
      </div>
      <Loaded resource={pages.list}>
        {(orders) => (orders.length === 0 ? <Empty title={words.empty} hint={words.emptyHint} /> : <OrderTable orders={orders} />)}
      </Loaded>
      <div className="sheet-foot">
        <More pages={pages} />
      </div>
    </section>
  );
}

function OrderTable({ orders }: { orders: readonly OrderSummary[] }) {
  const { orders: words } = useAdminWords();
  const { orders: shopWords } = useShopWords();
  const formats = useFormats();
  return (
    <table className="ledger">
      <thead>
        <tr>
          <th scope="col">{shopWords.order}</th>
          <th scope="col">{shopWords.when}</th>
          <th scope="col">{words.account}</th>
          <th scope="col">{shopWords.state}</th>
          <th scope="col" className="ledger-figure">
            {shopWords.total}
          </th>
        </tr>
      </thead>
      <tbody>
        {orders.map(({ id, accountId, state, total, refunded, createdAt }) => (
          <tr key={id}>
            <th scope="row">
              <Link href={`/admin/orders/${id}`}>{id}</Link>
            </th>
            <td className="ledger-when">{formats.date(createdAt)}</td>
            <td>
              <Link href={`/admin/orders?account=${accountId}`}>{accountId.slice(0, 8)}…</Link>
            </td>
            <td>
              <OrderBadge state={state} />
            </td>
            <td className="ledger-figure">
              <Coins amount={total} />
              {refunded > 0 && <span className="label">{shopWords.refunded(formats.whole(refunded))}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
