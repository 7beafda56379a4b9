/** The head of every page of the shop. */
import type { ReactNode } from 'react';
import { MarketHead } from '#web/design/market-head.tsx';
import { Icon } from '#web/design/marks.tsx';
import { useFormats } from '#web/language/language.ts';
import { useSession } from '#web/session/session.ts';
import { useCart } from './sources.ts';
import { useShopWords } from './words.ts';

export function ShopHead({ title, back = false, children }: { title: string; back?: boolean; children?: ReactNode }) {
  const words = useShopWords();
  const member = useSession().state === 'member';
  const ways = [...(member ? [{ href: '/shop/orders', text: words.orders.title }] : []), { href: '/shop/cart', text: <CartWay /> }];
  return (
    <MarketHead title={title} back={back ? { href: '/shop', text: words.catalogue.back } : undefined} ways={ways}>
      {children}
    </MarketHead>
  );
}

function CartWay() {
  const { cart } = useShopWords();
  const formats = useFormats();
  const pieces = useCart()?.lines.reduce((sum, { quantity }) => sum + quantity, 0) ?? 0;
  return (
    <>
      <Icon name="cart" />
      {cart.title}
      <span className="shop-count">
        <span aria-hidden="true">{formats.whole(pieces)}</span>
        <span className="out-of-sight">{cart.pieces(formats.whole(pieces))}</span>
      </span>
    </>
  );
}
