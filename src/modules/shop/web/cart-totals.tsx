/** What a cart or an order comes to, as in a ledger. */
import type { CartView } from '#modules/shop/api/cart/contracts.ts';
import { Coins } from '#web/design/coins.tsx';
import { useShopWords } from './words.ts';

type Totals = Pick<CartView, 'subtotal' | 'discount' | 'tax' | 'total'>;

/** `settled` for what is paid already. */
export function CartTotals({ cart: { subtotal, discount, tax, total }, settled = false }: { cart: Totals; settled?: boolean }) {
  const { cart: words } = useShopWords();
  const added = subtotal - discount + tax === total && tax > 0;
  return (
    <dl className="account">
      <div>
        <dt>{words.subtotal}</dt>
        <dd>
          <Coins amount={subtotal} />
        </dd>
      </div>
      {discount > 0 && (
        <div>
          <dt>{words.discount}</dt>
          <dd>
            <Coins amount={-discount} />
          </dd>
        </div>
      )}
      <div>
        <dt>{added ? words.taxAdded : words.taxIncluded}</dt>
        <dd>
          <Coins amount={tax} />
        </dd>
      </div>
      <div className="account-total">
        <dt>{settled ? words.sum : words.total}</dt>
        <dd className="cart-total">
          <Coins amount={total} />
        </dd>
      </div>
    </dl>
  );
}
