/** What a list of orders says of each: one's own, and everybody's. */
import type { OrderSummary } from '#modules/shop/api/orders/contracts.ts';
import { Coins } from '#web/design/coins.tsx';
import type { Column } from '#web/design/ledger.tsx';
import { useFormats } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { OrderBadge } from './order-badge.tsx';
import { useShopWords } from './words.ts';

type OrderColumn = Column<OrderSummary>;

/** `address` is where the pages of single orders are. */
export function useOrderColumns(address: string): readonly [OrderColumn, OrderColumn, OrderColumn, OrderColumn] {
  const { orders: words } = useShopWords();
  const formats = useFormats();
  return [
    { head: words.order, kind: 'name', cell: ({ id }) => <Link href={`${address}/${id}`}>{id}</Link> },
    { head: words.when, kind: 'when', cell: ({ createdAt }) => formats.date(createdAt) },
    { head: words.state, cell: ({ state }) => <OrderBadge state={state} /> },
    {
      head: words.total,
      kind: 'figure',
      cell: ({ total, refunded }) => (
        <>
          <Coins amount={total} />
          {refunded > 0 && <span className="label">{words.refunded(formats.whole(refunded))}</span>}
        </>
      ),
    },
  ];
}
