/** One's own orders, newest first. */
import { usePages } from '#web/api/use-pages.ts';
import { Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { Link } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { useOrderColumns } from './order-columns.tsx';
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
  const columns = useOrderColumns('/shop/orders');
  const empty = (
    <Empty title={words.empty} hint={words.emptyHint}>
      <Link className="button button-strong" href="/shop">
        {catalogue.back}
      </Link>
    </Empty>
  );
  return (
    <ListSheet pages={usePages(loadOrders)} empty={empty}>
      {(orders) => <Ledger rows={orders} keyOf={({ id }) => id} columns={columns} />}
    </ListSheet>
  );
}
