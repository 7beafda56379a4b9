/** The shop on the admin's overview: sales and refunds, orders to work on, what runs low; and what a search finds in it. */
import './admin.css';
import { type ReactNode, useCallback } from 'react';
import type { ShopOverview } from '#modules/shop/api/admin/overview-contracts.ts';
import { SumsTable } from '#web/admin/sums-table.tsx';
import { type Pages, usePages } from '#web/api/use-pages.ts';
import { usePolled } from '#web/api/use-polled.ts';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats, useWords } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { adminNames, names } from '../names.ts';
import { useShopWords } from '../words.ts';
import { AdminOrderTable } from './orders-page.tsx';
import { ProductTable } from './products-page.tsx';
import { loadOrders, loadOverview, loadProducts } from './sources.ts';
import { StockTable } from './stock-page.tsx';
import { useShopAdminWords } from './words.ts';

const refreshMs = 15_000;

export function ShopFigures() {
  const overview = usePolled(loadOverview, refreshMs);
  return (
    <Loaded resource={overview} height="12rem">
      {(value) => (
        <>
          <Sales overview={value} />
          <OpenOrders overview={value} />
          <Refunds overview={value} />
          <RunningLow overview={value} />
        </>
      )}
    </Loaded>
  );
}

function Sales({ overview }: { overview: ShopOverview }) {
  const { overview: words } = useShopAdminWords();
  return (
    <Sheet title={`${useName(names.market)}: ${words.sales}`}>
      <SumsTable sums={overview.sales} count={useName(adminNames.orders)} />
    </Sheet>
  );
}

function OpenOrders({ overview: { open } }: { overview: ShopOverview }) {
  const { overview: words } = useShopAdminWords();
  const { orders } = useShopWords();
  const formats = useFormats();
  return (
    <Sheet title={words.open} tools={<AllLink page="orders" />} padded>
      <dl className="account">
        {open.map(({ state, orders: count, more }) => (
          <div key={state}>
            <dt>
              <Link href={`/admin/orders?state=${state}`}>{orders.states[state]}</Link>
            </dt>
            <dd>{more ? words.atLeast(formats.whole(count)) : formats.whole(count)}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}

function Refunds({ overview: { refunds, owed } }: { overview: ShopOverview }) {
  const { overview: words } = useShopAdminWords();
  const formats = useFormats();
  return (
    <Sheet title={useName(adminNames.refunds)} tools={<AllLink page="refunds" />}>
      <SumsTable sums={refunds} count={useName(adminNames.refunds)} />
      {owed.count > 0 && (
        <p className="sheet-body">
          <Link href="/admin/refunds?state=owed">{words.owed(formats.whole(owed.count), formats.whole(owed.coins))}</Link>
        </p>
      )}
    </Sheet>
  );
}

function RunningLow({ overview: { low } }: { overview: ShopOverview }) {
  const { overview: words, stock } = useShopAdminWords();
  return (
    <Sheet title={words.low} tools={<AllLink page="stock" query="?level=low" />}>
      {low.length === 0 ? <p className="sheet-body soft">{stock.emptyHint}</p> : <StockTable stock={low} />}
    </Sheet>
  );
}

function AllLink({ page, query = '' }: { page: keyof typeof adminNames; query?: string }) {
  const { adminOverview } = useWords();
  const name = useName(adminNames[page]);
  return (
    <Link href={`/admin/${page}${query}`}>
      {adminOverview.all}
      <span className="out-of-sight">: {name}</span>
    </Link>
  );
}

export function ShopFound({ search }: { search: string }) {
  const products = usePages(useCallback((after: string | undefined, signal: AbortSignal) => loadProducts(search, after, signal), [search]));
  const orders = usePages(
    useCallback(
      (after: string | undefined, signal: AbortSignal) => loadOrders({ search, state: undefined, accountId: undefined }, after, signal),
      [search],
    ),
  );
  return (
    <>
      <FoundSheet page="products" pages={products}>
        {(found) => <ProductTable products={found} />}
      </FoundSheet>
      <FoundSheet page="orders" pages={orders}>
        {(found) => <AdminOrderTable orders={found} />}
      </FoundSheet>
    </>
  );
}

function FoundSheet<Item>(props: { page: keyof typeof adminNames; pages: Pages<Item>; children: (items: readonly Item[]) => ReactNode }) {
  const { adminOverview } = useWords();
  return (
    <ListSheet
      title={useName(adminNames[props.page])}
      pages={props.pages}
      empty={<p className="sheet-body soft">{adminOverview.nothingFound}</p>}
    >
      {props.children}
    </ListSheet>
  );
}
