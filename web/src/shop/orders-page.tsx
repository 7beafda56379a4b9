/** One's own orders, newest first. */
import { usePages } from '../api/use-pages.ts';
import { Coins } from '../design/coins.tsx';
import { Loaded } from '../design/loaded.tsx';
import { More } from '../design/pages.tsx';
import { Empty } from '../design/states.tsx';
import { useFormats } from '../language/language.ts';
import { Link } from '../routing/navigation.tsx';
import { usePageTitle } from '../routing/page-title.ts';
import { ForMembers } from '../session/for-members.tsx';
import { OrderBadge } from './order-badge.tsx';
import { ShopHead } from './shop-head.tsx';
import { loadOrders } from './sources.ts';
import { useShopWords } from './words.ts';

export function OrdersPage() {
  const { orders: words } = useShopWords();
  usePageTitle(words.title);
  return (
    <div className="page">
      <ShopHead title={words.title} back />
      <ForMembers>{({ member }) => <Orders key={member.id} />}</ForMembers>
    </div>
  );
}

function Orders() {
  const { orders: words, catalogue } = useShopWords();
  const formats = useFormats();
  const pages = usePages(loadOrders);
  return (
    <section className="sheet">
      <Loaded resource={pages.list}>
        {(orders) =>
          orders.length === 0 ? (
            <Empty title={words.empty} hint={words.emptyHint}>
              <Link className="button button-strong" href="/shop">
                {catalogue.back}
              </Link>
            </Empty>
          ) : (
            <table className="ledger">
              <thead>
                <tr>
                  <th scope="col">{words.order}</th>
                  <th scope="col">{words.when}</th>
                  <th scope="col">{words.state}</th>
                  <th scope="col" className="ledger-figure">
                    {words.total}
                  </th>
                </tr>
              </thead>
              <tbody>
                {orders.map(({ id, state, total, refunded, createdAt }) => (
                  <tr key={id}>
                    <th scope="row">
                      <Link href={`/shop/orders/${id}`}>{id}</Link>
                    </th>
                    <td className="ledger-when">{formats.date(createdAt)}</td>
                    <td>
                      <OrderBadge state={state} />
                    </td>
                    <td className="ledger-figure">
                      <Coins amount={total} />
                      {refunded > 0 && <span className="label">{words.refunded(formats.whole(refunded))}</span>}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      <div className="sheet-foot">
        <More pages={pages} />
      </div>
    </section>
  );
}
