/** Errands: the market, the form of an order, one's own orders, receiving, and mining. */
import './errands.css';
import './form/form.css';
import './order/order.css';
import { NotFound } from '#web/shell/not-found.tsx';
import { NewOrderPage } from './form/new-order-page.tsx';
import { MarketPage } from './market/market-page.tsx';
import { MinePage } from './mine/mine-page.tsx';
import { EditPage } from './order/edit-page.tsx';
import { OrderPage } from './order/order-page.tsx';
import { OrdersPage } from './orders/orders-page.tsx';
import { ReceivePage } from './receive/receive-page.tsx';

export function ErrandsArea({ parts }: { parts: readonly string[] }) {
  const [, page, id, action, ...more] = parts;
  if (more.length === 0) {
    if (page === undefined) return <MarketPage />;
    if (page === 'orders' && id !== undefined && action === undefined) return <OrderPage key={id} id={id} />;
    if (page === 'orders' && id !== undefined && action === 'edit') return <EditPage key={id} id={id} />;
    if (id === undefined) {
      if (page === 'orders') return <OrdersPage />;
      if (page === 'new') return <NewOrderPage />;
      if (page === 'receive') return <ReceivePage />;
      if (page === 'mine') return <MinePage />;
    }
  }
  return <NotFound path={`/${parts.join('/')}`} />;
}
