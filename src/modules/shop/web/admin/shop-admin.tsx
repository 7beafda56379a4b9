/** The shop's pages for admins: products and stock, orders and refunds, promo codes. */
import '../shop.css';
import '../order.css';
import './admin.css';
import type { AdminPageProps } from '#web/area.ts';
import { AdminOrderPage } from './order-page.tsx';
import { AdminOrdersPage } from './orders-page.tsx';
import { ProductForm } from './product-form.tsx';
import { EditProductPage } from './product-page.tsx';
import { AdminProductsPage } from './products-page.tsx';
import { PromosPage } from './promos-page.tsx';
import { RefundsPage } from './refunds-page.tsx';
import { StockPage } from './stock-page.tsx';

export function ShopAdmin({ page, id }: AdminPageProps) {
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
  }
}
