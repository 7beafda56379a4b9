/** The head of every page of the shop: its title, and the ways to the cart and one's orders. */
import type { ReactNode } from 'react';
import { Icon } from '#web/design/marks.tsx';
import { useFormats } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { useSession } from '#web/session/session.ts';
import { useCart } from './sources.ts';
import { useShopWords } from './words.ts';

export function ShopHead({ title, back = false, children }: { title: string; back?: boolean; children?: ReactNode }) {
  const { catalogue: words } = useShopWords();
  return (
    <>
      {back && (
        <Link className="back" href="/shop">
          <Icon name="back" />
          {words.back}
        </Link>
      )}
      <div className="page-head shop-head">
        <h1>{title}</h1>
        {children}
        <ShopWays />
      </div>
    </>
  );
}

function ShopWays() {
  const words = useShopWords();
  const formats = useFormats();
  const member = useSession().state === 'member';
  const pieces = useCart()?.lines.reduce((sum, { quantity }) => sum + quantity, 0) ?? 0;
  return (
    <div className="shop-ways">
      {member && (
        <Link className="button" href="/shop/orders">
          {words.orders.title}
        </Link>
      )}
      <Link className="button" href="/shop/cart">
        <Icon name="cart" />
        {words.cart.title}
        <span className="shop-count">
          <span aria-hidden="true">{formats.whole(pieces)}</span>
          <span className="out-of-sight">{words.cart.pieces(formats.whole(pieces))}</span>
        </span>
      </Link>
    </div>
  );
}
