/** The shop: catalogue, product, cart, checkout, and one's own orders. */
import './shop.css';
import './order.css';
import { useEffect } from 'react';
import { useLanguage } from '#web/language/language.ts';
import { useSession } from '#web/session/session.ts';
import { NotFound } from '#web/shell/not-found.tsx';
import { CartPage } from './cart-page.tsx';
import { CataloguePage } from './catalogue-page.tsx';
import { CheckoutPage } from './checkout-page.tsx';
import { OrderPage } from './order-page.tsx';
import { OrdersPage } from './orders-page.tsx';
import { ProductPage } from './product-page.tsx';
import { loadCart } from './sources.ts';

/** The names of goods come in the language of the page: another language asks for them anew. */
export function ShopArea({ parts }: { parts: readonly string[] }) {
  return <ShopPages key={useLanguage()} parts={parts} />;
}

function ShopPages({ parts }: { parts: readonly string[] }) {
  const session = useSession();
  const member = session.state === 'member' ? session.member.id : undefined;
  const known = session.state !== 'unknown';

  // A guest's cart joins the member's at login, so it is another one then.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as said above.
  useEffect(() => {
    const leaving = new AbortController();
    // The cart's own page shows a failure; the others do without the cart.
    if (known) loadCart(leaving.signal).catch(() => {});
    return () => leaving.abort();
  }, [member, known]);

  const [, page, id, ...more] = parts;
  if (more.length === 0) {
    if (page === undefined) return <CataloguePage />;
    if (page === 'products' && id !== undefined) return <ProductPage key={id} id={id} />;
    if (page === 'orders' && id !== undefined) return <OrderPage key={id} id={id} />;
    if (page === 'orders') return <OrdersPage />;
    if (page === 'cart' && id === undefined) return <CartPage />;
    if (page === 'checkout' && id === undefined) return <CheckoutPage />;
  }
  return <NotFound path={`/${parts.join('/')}`} />;
}
