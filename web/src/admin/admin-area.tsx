/** The house's own pages, for admins: products and stock, orders and refunds, promo codes, accounts, the audit trail. */
import '#modules/shop/web/shop.css';
import '#modules/shop/web/order.css';
import '#modules/shop/web/admin/admin.css';
import { AccountsPage } from '#modules/people/web/accounts-page.tsx';
import { EventsSheet } from '#modules/people/web/events.tsx';
import { AdminOrderPage } from '#modules/shop/web/admin/order-page.tsx';
import { AdminOrdersPage } from '#modules/shop/web/admin/orders-page.tsx';
import { ProductForm } from '#modules/shop/web/admin/product-form.tsx';
import { EditProductPage } from '#modules/shop/web/admin/product-page.tsx';
import { AdminProductsPage } from '#modules/shop/web/admin/products-page.tsx';
import { PromosPage } from '#modules/shop/web/admin/promos-page.tsx';
import { RefundsPage } from '#modules/shop/web/admin/refunds-page.tsx';
import { StockPage } from '#modules/shop/web/admin/stock-page.tsx';
import { useAdminWords } from '#modules/shop/web/admin/words.ts';
import { Link } from '../routing/navigation.tsx';
import { usePageTitle } from '../routing/page-title.ts';
import { ForMembers } from '../session/for-members.tsx';
import { NotFound } from '../shell/not-found.tsx';

const pages = ['products', 'stock', 'orders', 'refunds', 'promos', 'accounts', 'events'] as const;

export function AdminArea({ parts }: { parts: readonly string[] }) {
  const words = useAdminWords();
  const shown = pages.find((page) => page === (parts[1] ?? 'products'));
  usePageTitle(shown === undefined ? words.title : words.pages[shown]);
  if (shown === undefined || parts.length > 3) return <NotFound path={`/${parts.join('/')}`} />;
  return (
    <ForMembers admin>
      {({ member }) => (
        <div className="page">
          <div className="page-head">
            <h1>{words.title}</h1>
            <nav className="admin-ways" aria-label={words.title}>
              {pages.map((page) => (
                <Link key={page} href={`/admin/${page}`} aria-current={page === shown ? 'page' : undefined}>
                  {words.pages[page]}
                </Link>
              ))}
            </nav>
          </div>
          <Shown page={shown} id={parts[2]} ownId={member.id} />
        </div>
      )}
    </ForMembers>
  );
}

function Shown({ page, id, ownId }: { page: (typeof pages)[number]; id: string | undefined; ownId: string }) {
  switch (page) {
    case 'products':
      if (id === undefined) return <AdminProductsPage />;
      return id === 'new' ? <ProductForm product={undefined} /> : <EditProductPage key={id} id={id} />;
    case 'stock':
      return <StockPage />;
    case 'orders':
      return id === undefined ? <AdminOrdersPage /> : <AdminOrderPage key={id} id={id} />;
    case 'refunds':
      return <RefundsPage />;
    case 'promos':
      return <PromosPage />;
    case 'accounts':
      return <AccountsPage ownId={ownId} />;
    case 'events':
      return <EventsSheet of="all" />;
  }
}
