/** Checkout: where it goes, how it is paid, and what it costs; one press orders and pays. */
import { useEffect, useState } from 'react';
import { WayToCoins } from '#modules/coins/web/face.tsx';
import type { CartView } from '#modules/shop/api/cart/contracts.ts';
import type { CheckoutInput } from '#modules/shop/api/orders/contracts.ts';
import type { Address } from '#modules/shop/api/schemas.ts';
import { RequestFailure } from '#web/api/api.ts';
import { useOrderPurchase } from '#web/api/use-order-purchase.ts';
import type { Purchase } from '#web/api/use-purchase.ts';
import { type Resource, useResource } from '#web/api/use-resource.ts';
import { Choice } from '#web/design/choice.tsx';
import { Coins } from '#web/design/coins.tsx';
import { Form, SelectField, TextField, type Typed } from '#web/design/form.tsx';
import { InDoubt } from '#web/design/in-doubt.tsx';
import { Waiting } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Failed } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats, useLanguage } from '#web/language/language.ts';
import { Link, navigate } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { useQueryChoice } from '#web/routing/query-choice.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { loadBalance, useBalance } from '#web/session/session.ts';
import { CartTotals } from './cart-totals.tsx';
import { countries } from './countries.ts';
import { EmptyCart } from './empty-cart.tsx';
import { ShopHead } from './shop-head.tsx';
import { checkOut, findCheckout, loadCart, loadCategories, loadLastAddress, reserveCart, useCart } from './sources.ts';
import { useShopWords } from './words.ts';

export function CheckoutPage() {
  const { checkout: words } = useShopWords();
  usePageTitle(words.title);
  return (
    <div className="page">
      <ShopHead title={words.title} back />
      <ForMembers>{({ member }) => <MembersCart key={member.id} account={member.id} name={member.name} />}</ForMembers>
    </div>
  );
}

function MembersCart({ account, name }: { account: string; name: string }) {
  const asked = useResource(loadCart);
  const address = useResource(loadLastAddress);
  const cart = useCart();
  const purchase = useOrderPurchase({
    name: 'checkout',
    account,
    path: '/shop/orders',
    find: findCheckout,
    onFound: () => void loadCart().catch(() => {}),
  });
  if (asked.state === 'failed') return <Failed failure={asked.failure} retry={asked.retry} />;
  // Nothing is ordered before the cart is loaded, with what was collected as a guest.
  if (asked.state === 'loading' || cart === undefined || address.state === 'loading') return <Waiting height="24rem" />;
  if (cart.lines.length > 0) return <Ordering cart={cart} name={name} lastAddress={address} purchase={purchase} />;
  return (
    <>
      <InDoubt doubt={purchase.doubt} />
      <EmptyCart />
    </>
  );
}

function Ordering(props: { cart: CartView; name: string; lastAddress: Resource<Address | undefined>; purchase: Purchase }) {
  const { cart, name, lastAddress, purchase } = props;
  const { checkout: words } = useShopWords();
  const formats = useFormats();
  const tell = useToasts();
  const balance = useBalance();
  const payments = useResource(loadCategories);
  const [payment, setPayment] = useQueryChoice<CheckoutInput['payment']>('payment', ['coins', 'provider'], 'coins');
  const reservation = useReservation(cart.ready);
  const known = lastAddress.state === 'ready' ? lastAddress.value : undefined;
  const short = payment === 'coins' && balance !== undefined && balance < cart.total;

  const order = async (typed: Typed) => {
    const input: CheckoutInput = {
      payment,
      expectedTotal: cart.total,
      shipTo: {
        name: typed('name').trim(),
        street: typed('street').trim(),
        postcode: typed('postcode').trim(),
        city: typed('city').trim(),
        country: typed('country'),
      },
    };
    try {
      const ordered = await purchase.buy((key) => checkOut(input, key));
      if (ordered === undefined) return;
      const { id, state } = ordered;
      navigate(`/shop/orders/${id}`);
      tell('good', state === 'awaiting_payment' ? words.ordered : words.paid);
      await Promise.all([loadCart(), loadBalance()]);
    } catch (failure) {
      // Refused because something changed: show how it is now.
      if (failure instanceof RequestFailure && failure.status === 409) await Promise.all([loadCart(), loadBalance()]).catch(() => {});
      throw failure;
    }
  };
  return (
    <div className="cart">
      <Sheet className="checkout-form" title={words.shipTo} padded>
        <Form submit={words.pay(formats.whole(cart.total))} disabled={short || !cart.ready} onSubmit={order}>
          <AddressFields known={known} name={name} />
          {payments.state === 'ready' && payments.value.payments.length > 1 && (
            <Choice
              legend={words.payment}
              legendShown
              chosen={payment}
              options={payments.value.payments.map((value) => ({ value, text: words.payments[value] }))}
              onChoose={setPayment}
            />
          )}
          <InDoubt doubt={purchase.doubt} />
          {short && <ShortOfCoins balance={balance} total={cart.total} />}
          {!cart.ready && (
            <p className="note note-look">
              {words.notReady} <Link href="/shop/cart">{words.toCart}</Link>
            </p>
          )}
        </Form>
      </Sheet>
      <aside className="sheet cart-side" aria-label={words.order}>
        <ul className="checkout-lines">
          {cart.lines.map(({ variantId, productName, variantName, unitPrice, quantity }) => (
            <li key={variantId}>
              <span>
                {formats.whole(quantity)} × {productName} <span className="label">{variantName}</span>
              </span>
              <Coins amount={unitPrice * quantity} />
            </li>
          ))}
        </ul>
        <CartTotals cart={cart} />
        {payment === 'coins' && balance !== undefined && (
          <p className="checkout-balance label">
            <span>{words.balance}</span> <Coins amount={balance} />
          </p>
        )}
        {reservation !== undefined && <p className="label">{words.kept(formats.minute(reservation))}</p>}
      </aside>
    </div>
  );
}

function AddressFields({ known, name }: { known: Address | undefined; name: string }) {
  const { checkout: words } = useShopWords();
  const language = useLanguage();
  const text = (field: keyof Address) => known?.[field] ?? '';
  return (
    <>
      <TextField label={words.name} name="name" defaultValue={known?.name ?? name} autoComplete="shipping name" maxLength={100} />
      <TextField label={words.street} name="street" defaultValue={text('street')} autoComplete="shipping street-address" maxLength={100} />
      <div className="form-row">
        <TextField
          label={words.postcode}
          name="postcode"
          defaultValue={text('postcode')}
          autoComplete="shipping postal-code"
          maxLength={16}
        />
        <TextField label={words.city} name="city" defaultValue={text('city')} autoComplete="shipping address-level2" maxLength={100} />
      </div>
      <SelectField
        label={words.country}
        name="country"
        defaultValue={known?.country ?? 'DE'}
        autoComplete="shipping country"
        options={countries(known?.country, language)}
      />
    </>
  );
}

/** Keeps the pieces once, when the page opens. Checkout does not depend on it. */
function useReservation(ready: boolean): number | undefined {
  const [expiresAt, setExpiresAt] = useState<number>();
  useEffect(() => {
    if (!ready) return;
    reserveCart().then(
      (kept) => setExpiresAt(kept.expiresAt),
      () => setExpiresAt(undefined),
    );
  }, [ready]);
  return expiresAt;
}

function ShortOfCoins({ balance, total }: { balance: number; total: number }) {
  const { checkout: words } = useShopWords();
  const formats = useFormats();
  return (
    <div className="note note-look checkout-short">
      <p>{words.short(formats.whole(total - balance))}</p>
      <WayToCoins missing={total - balance} />
    </div>
  );
}
