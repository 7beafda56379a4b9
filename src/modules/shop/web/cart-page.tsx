/** The cart: its lines to change, a promo code, and what all of it comes to. */
import { useState } from 'react';
import type { CartView } from '#modules/shop/api/cart/contracts.ts';
import { useResource } from '#web/api/use-resource.ts';
import { Coins } from '#web/design/coins.tsx';
import { Form } from '#web/design/form.tsx';
import { Waiting } from '#web/design/loaded.tsx';
import { Failed } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats, useWords } from '#web/language/language.ts';
import { useFailureText, useReasonText } from '#web/refusals/use-refusals.ts';
import { Link } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { CartTotals } from './cart-totals.tsx';
import { EmptyCart } from './empty-cart.tsx';
import { PromoCodeField } from './promo-code-field.tsx';
import { QuantityField } from './quantity-field.tsx';
import { ShopHead } from './shop-head.tsx';
import { applyPromo, dropPromo, loadCart, pictureOf, setPieces, useCart } from './sources.ts';
import { useShopWords } from './words.ts';

const maxPieces = 99;

export function CartPage() {
  const { cart: words } = useShopWords();
  const asked = useResource(loadCart);
  const cart = useCart();
  usePageTitle(words.title);
  return (
    <div className="page">
      <ShopHead title={words.title} back />
      {cart !== undefined ? (
        <Filled cart={cart} />
      ) : asked.state === 'failed' ? (
        <Failed failure={asked.failure} retry={asked.retry} />
      ) : (
        <Waiting />
      )}
    </div>
  );
}

function Filled({ cart }: { cart: CartView }) {
  const { cart: words } = useShopWords();
  if (cart.lines.length === 0) return <EmptyCart />;
  return (
    <div className="cart">
      <section className="sheet cart-lines" aria-label={words.title}>
        <ul>
          {cart.lines.map((line) => (
            <Line key={line.variantId} line={line} />
          ))}
        </ul>
      </section>
      <aside className="sheet cart-side" aria-label={words.sum}>
        <Promo promo={cart.promo} />
        <CartTotals cart={cart} />
        {!cart.ready && <p className="note note-look">{words.notReady}</p>}
        {cart.ready ? (
          <Link className="button button-strong" href="/shop/checkout">
            {words.toCheckout}
          </Link>
        ) : (
          <button type="button" className="button button-strong" disabled>
            {words.toCheckout}
          </button>
        )}
      </aside>
    </div>
  );
}

function Line({ line }: { line: CartView['lines'][number] }) {
  const { cart: words, product } = useShopWords();
  const { house } = useWords();
  const formats = useFormats();
  const tell = useToasts();
  const failureText = useFailureText();
  const [busy, setBusy] = useState(false);
  const { variantId, productId, productName, variantName, picture, unitPrice, quantity, available } = line;

  const change = async (pieces: number) => {
    setBusy(true);
    try {
      await setPieces(variantId, pieces);
    } catch (failure) {
      tell('bad', failureText(failure));
    } finally {
      setBusy(false);
    }
  };
  const name = `${productName}, ${variantName}`;
  return (
    <li className="cart-line">
      <img className="picture" src={pictureOf(productId, picture)} alt="" width="80" height="80" />
      <div className="cart-line-text">
        <p>
          <Link href={`/shop/products/${productId}`}>
            <b>{productName}</b>
          </Link>
        </p>
        <p className="label">
          {variantName} · <Coins amount={unitPrice} />
        </p>
        {available < quantity && (
          <p className="form-fault" role="status">
            {available <= 0 ? product.soldOut : words.onlyLeft(formats.whole(available))}
          </p>
        )}
      </div>
      <QuantityField
        quantity={quantity}
        limit={Math.max(1, Math.min(maxPieces, available))}
        label={words.piecesOf(name)}
        disabled={busy}
        onQuantity={change}
      />
      <p className="cart-line-sum">
        <Coins amount={unitPrice * quantity} />
      </p>
      <button type="button" className="button button-plain" disabled={busy} onClick={() => change(0)} aria-label={words.takeOut(name)}>
        {house.remove}
      </button>
    </li>
  );
}

function Promo({ promo }: { promo: CartView['promo'] }) {
  const { cart: words } = useShopWords();
  const reasonText = useReasonText();
  const { house } = useWords();
  const tell = useToasts();
  const failureText = useFailureText();
  if (promo === null) {
    return (
      <Form inline plain submit={words.usePromo} onSubmit={async (typed) => void (await applyPromo(typed('code')))}>
        <PromoCodeField label={words.promo} />
      </Form>
    );
  }
  const drop = () => dropPromo().catch((failure: unknown) => tell('bad', failureText(failure)));
  return (
    <div className={promo.refused === null ? 'note' : 'note note-look'}>
      <p className="cart-promo">
        <b>{promo.code}</b>
        <button type="button" className="button button-plain" onClick={drop}>
          {house.remove}
        </button>
      </p>
      <p role="status">{promo.reason === null ? words.promoCounts : reasonText(promo.reason, promo.refused ?? '')}</p>
    </div>
  );
}
