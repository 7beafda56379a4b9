/** One product: its picture, what it is, its variants, and into the cart with it. */
import { useCallback, useState } from 'react';
import type { Product } from '#modules/shop/api/catalogue/contracts.ts';
import { useResource } from '#web/api/use-resource.ts';
import { Coins } from '#web/design/coins.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Empty } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { Link, navigate } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { useQueryChoice } from '#web/routing/query-choice.ts';
import { useDepartmentNames } from './departments.ts';
import { QuantityField } from './quantity-field.tsx';
import { ShopHead } from './shop-head.tsx';
import { loadProduct, pictureOf, piecesInCart, setPieces } from './sources.ts';
import { useShopWords } from './words.ts';

const maxPieces = 99;

export function ProductPage({ id }: { id: string }) {
  const { product: words, catalogue } = useShopWords();
  const resource = useResource(useCallback((signal: AbortSignal) => loadProduct(id, signal), [id]));
  usePageTitle(resource.state === 'ready' ? resource.value.name : catalogue.title);

  const unknown = (
    <Empty title={words.unknown} hint={words.unknownHint} level={1}>
      <Link className="button button-strong" href="/shop">
        {catalogue.back}
      </Link>
    </Empty>
  );
  return (
    <Loaded resource={resource} height="28rem" level={1} unknown={unknown}>
      {(product) => <Known product={product} />}
    </Loaded>
  );
}

function Known({ product }: { product: Product }) {
  const department = useDepartmentNames()(product.category);
  return (
    <div className="page">
      <ShopHead title={product.name} back />
      <div className="sheet product">
        <img className="picture product-picture" src={pictureOf(product.id, product.picture)} alt="" width="400" height="400" />
        <div className="product-text">
          {/* No link without a name while it is on its way, and no shift when it comes. */}
          <p className="label">{department === '' ? '\u00a0' : <Link href={`/shop?category=${product.category}`}>{department}</Link>}</p>
          <p className="product-description">{product.description}</p>
          <Choosing product={product} />
        </div>
      </div>
    </div>
  );
}

function Choosing({ product: { variants } }: { product: Product }) {
  const { product: words } = useShopWords();
  const formats = useFormats();
  const tell = useToasts();
  const failureText = useFailureText();
  const offered = variants.filter(({ active }) => active);
  const first = (offered.find(({ available }) => available > 0) ?? offered[0])?.id ?? '';
  const [chosenId, setChosenId] = useQueryChoice(
    'size',
    offered.map(({ id }) => id),
    first,
  );
  const [quantity, setQuantity] = useState(1);
  const [busy, setBusy] = useState(false);
  const chosen = offered.find(({ id }) => id === chosenId);
  if (chosen === undefined) return <p className="note note-look">{words.gone}</p>;

  const { id, price, available } = chosen;
  const putIn = async (then?: string) => {
    setBusy(true);
    try {
      await setPieces(id, Math.min(maxPieces, piecesInCart(id) + quantity));
      if (then === undefined) tell('good', words.inCart(formats.whole(quantity)), { href: '/shop/cart', text: words.seeCart });
      else navigate(then);
    } catch (failure) {
      tell('bad', failureText(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {offered.length > 1 && (
        <fieldset className="variants">
          <legend className="label">{words.variant}</legend>
          {offered.map((variant) => (
            <label key={variant.id} className={variant.available === 0 ? 'variant-gone' : undefined}>
              <input type="radio" name="variant" checked={variant.id === id} onChange={() => setChosenId(variant.id)} />
              <span>{variant.name}</span>
              {variant.available === 0 ? <span className="label">{words.soldOut}</span> : <Coins amount={variant.price} />}
            </label>
          ))}
        </fieldset>
      )}
      <p className="product-price">
        <Coins amount={price} />
        <span className={available === 0 ? 'badge badge-bad' : available < 10 ? 'badge badge-warning' : 'badge badge-good'}>
          {available === 0 ? words.soldOut : available < 10 ? words.few(formats.whole(available)) : words.available}
        </span>
      </p>
      <div className="form-actions">
        <QuantityField
          quantity={quantity}
          limit={Math.max(1, Math.min(maxPieces, available))}
          onQuantity={setQuantity}
          label={words.quantity}
        />
        <button type="button" className="button button-strong" disabled={busy || available === 0} onClick={() => putIn()}>
          {words.toCart}
        </button>
        <button type="button" className="button" disabled={busy || available === 0} onClick={() => putIn('/shop/checkout')}>
          {words.buyNow}
        </button>
      </div>
      <p className="label">{words.article(id)}</p>
    </>
  );
}
