/** The catalogue: searched, narrowed down, sorted and leafed through; all of it stands in the address. */
import { useCallback } from 'react';
import type { ProductCard, ProductPage } from '#modules/shop/api/catalogue/contracts.ts';
import { useResource } from '#web/api/use-resource.ts';
import { Coins } from '#web/design/coins.tsx';
import { FindFilter, SelectFilter } from '#web/design/filters.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Pages } from '#web/design/pages.tsx';
import { Empty, Placeholder } from '#web/design/states.tsx';
import { useFormats, useWords } from '#web/language/language.ts';
import { Link, navigate, replaceQuery, useQuery } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { apiQuery, firstPage, isNarrowed, pageIn, productsPerPage, sorts } from './catalogue-query.ts';
import { Facets } from './facets.tsx';
import { ShopHead } from './shop-head.tsx';
import { loadCategories, loadProducts, pictureOf } from './sources.ts';
import { useShopWords } from './words.ts';

export function CataloguePage() {
  const { catalogue: words } = useShopWords();
  const query = useQuery();
  const asked = JSON.stringify(apiQuery(query));
  const products = useResource(useCallback((signal: AbortSignal) => loadProducts(JSON.parse(asked), signal), [asked]));
  const categories = useResource(loadCategories);
  usePageTitle(words.title);

  const choose = (changes: Readonly<Record<string, string>>) => replaceQuery({ ...firstPage, ...changes });
  return (
    <div className="page">
      <ShopHead title={words.title} />
      <div className="catalogue-tools">
        <FindFilter name="text" label={words.search} hint={words.searchHint} className="catalogue-search" />
        <SelectFilter name="sort" label={words.sort} options={sorts.map((sort) => ({ value: sort, text: words.sorts[sort] }))} />
      </div>
      <div className="catalogue">
        <Facets
          categories={categories.state === 'ready' ? categories.value.categories : undefined}
          facets={products.state === 'ready' ? products.value.facets : undefined}
          query={query}
          onChoose={choose}
        />
        <section className="catalogue-goods" aria-label={words.goods}>
          {products.state === 'loading' ? (
            <GoodsPlaceholder />
          ) : (
            <Loaded resource={products}>{(page) => <Goods page={page} query={query} onClear={() => navigate('/shop')} />}</Loaded>
          )}
        </section>
      </div>
    </div>
  );
}

/** Where the pages begin that were looked at, by their numbers, so that one can leaf back. */
const pageStarts = new Map<number, string>();

function Goods({ page, query, onClear }: { page: ProductPage; query: URLSearchParams; onClear: () => void }) {
  const { products, total, next } = page;
  const { catalogue: words } = useShopWords();
  const formats = useFormats();
  const narrowed = isNarrowed(query);
  if (products.length === 0) {
    return (
      <div className="sheet">
        <Empty title={narrowed ? words.noMatch : words.empty} hint={narrowed ? words.noMatchHint : words.emptyHint}>
          {narrowed && (
            <button type="button" className="button" onClick={onClear}>
              {words.clear}
            </button>
          )}
        </Empty>
      </div>
    );
  }
  const number = pageIn(query);
  const leaf = (to: number) => {
    pageStarts.set(number, query.get('after') ?? '');
    const after = (to > number ? next : pageStarts.get(to)) ?? '';
    // Back from a page that was sent by somebody, or in a list that was narrowed down since, the first is the one that is known.
    replaceQuery(to === 1 || after === '' ? firstPage : { page: String(to), after });
    window.scrollTo(0, 0);
  };
  return (
    <>
      <p className="label" role="status">
        {words.found(formats.whole(total))}
      </p>
      <ul className="goods">
        {products.map((product) => (
          <li key={product.id}>
            <Card product={product} />
          </li>
        ))}
      </ul>
      <Pages page={number} of={Math.ceil(total / productsPerPage)} onPage={leaf} />
    </>
  );
}

function Card({ product: { id, name, lowestPrice, highestPrice, inStock, picture } }: { product: ProductCard }) {
  const { catalogue: words } = useShopWords();
  return (
    <article className="card">
      <img className="picture" src={pictureOf(id, picture)} alt="" width="400" height="400" loading="lazy" />
      <div className="card-text">
        <h2>
          <Link href={`/shop/products/${id}`}>{name}</Link>
        </h2>
        <p className="card-price">
          {lowestPrice !== highestPrice && <span className="label">{words.from} </span>}
          <Coins amount={lowestPrice} />
        </p>
        {!inStock && <p className="badge">{words.soldOut}</p>}
      </div>
    </article>
  );
}

function GoodsPlaceholder() {
  const { house } = useWords();
  return (
    <section aria-busy="true" aria-label={house.loading} className="goods">
      {Array.from({ length: 8 }, (_, place) => place).map((place) => (
        <Placeholder key={place} width="100%" height="20rem" />
      ))}
    </section>
  );
}
