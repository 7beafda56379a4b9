/** The catalogue: searched, narrowed down, sorted and leafed through; all of it stands in the address. */
import { useCallback } from 'react';
import type { ProductCard, ProductPage } from '../../../src/markets/shop/schemas.ts';
import { useResource } from '../api/use-resource.ts';
import { Coins } from '../design/coins.tsx';
import { Loaded } from '../design/loaded.tsx';
import { Icon } from '../design/marks.tsx';
import { Pages } from '../design/pages.tsx';
import { Empty, Placeholder } from '../design/states.tsx';
import { useFormats, useWords } from '../language/language.ts';
import { Link, navigate, replaceQuery, useQuery } from '../routing/navigation.tsx';
import { usePageTitle } from '../routing/page-title.ts';
import { apiQuery, isNarrowed, pageIn, productsPerPage, sortIn, sorts } from './catalogue-query.ts';
import { Facets } from './facets.tsx';
import { ShopHead } from './shop-head.tsx';
import { loadCategories, loadProducts, pictureOf } from './sources.ts';
import { useShopWords } from './words.ts';

export function CataloguePage() {
  const { catalogue: words } = useShopWords();
  const query = useQuery();
  const asked = apiQuery(query).toString();
  const products = useResource(useCallback((signal: AbortSignal) => loadProducts(new URLSearchParams(asked), signal), [asked]));
  const categories = useResource(loadCategories);
  usePageTitle(words.title);

  // What narrows down begins at the first page again.
  const choose = (changes: Readonly<Record<string, string>>) => replaceQuery({ page: '', ...changes });
  return (
    <div className="page">
      <ShopHead title={words.title} />
      <div className="catalogue-tools">
        <Search text={query.get('text') ?? ''} onSearch={(text) => choose({ text })} />
        <label className="catalogue-sort">
          <span className="label">{words.sort}</span>
          <select className="field" value={sortIn(query)} onChange={(event) => choose({ sort: event.target.value })}>
            {sorts.map((sort) => (
              <option key={sort} value={sort}>
                {words.sorts[sort]}
              </option>
            ))}
          </select>
        </label>
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

/** Searches as one types: each answer is small, and old questions are given up. */
function Search({ text, onSearch }: { text: string; onSearch: (text: string) => void }) {
  const { catalogue: words } = useShopWords();
  return (
    <search className="find catalogue-search">
      <label>
        <span className="out-of-sight">{words.search}</span>
        <Icon name="find" />
        <input
          className="field"
          type="search"
          placeholder={words.searchHint}
          value={text}
          maxLength={100}
          onChange={(event) => onSearch(event.target.value)}
        />
      </label>
    </search>
  );
}

function Goods({ page: { products, total }, query, onClear }: { page: ProductPage; query: URLSearchParams; onClear: () => void }) {
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
  const leaf = (to: number) => {
    replaceQuery({ page: to === 1 ? '' : String(to) });
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
      <Pages page={pageIn(query)} of={Math.ceil(total / productsPerPage)} onPage={leaf} />
    </>
  );
}

function Card({ product: { id, name, lowestPrice, highestPrice, inStock } }: { product: ProductCard }) {
  const { catalogue: words } = useShopWords();
  return (
    <article className="card">
      <img className="picture" src={pictureOf(id)} alt="" width="400" height="400" loading="lazy" />
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
