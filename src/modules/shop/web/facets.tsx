/** What narrows the catalogue down: department, price, stock. On a phone it folds away. */
import { type FormEvent, useState } from 'react';
import type { ProductPage, ShopCategories } from '#modules/shop/api/catalogue/contracts.ts';
import { CheckField, TextField } from '#web/design/form.tsx';
import { Placeholder } from '#web/design/states.tsx';
import { useFormats } from '#web/language/language.ts';
import { isNarrowed } from './catalogue-query.ts';
import { useShopWords } from './words.ts';

export function Facets(props: {
  /** Undefined until they are known. */
  categories: ShopCategories['categories'] | undefined;
  facets: ProductPage['facets'] | undefined;
  query: URLSearchParams;
  onChoose: (changes: Readonly<Record<string, string>>) => void;
}) {
  const { catalogue: words } = useShopWords();
  const [open, setOpen] = useState(false);
  const narrowed = isNarrowed(props.query);
  return (
    <aside className="facets" aria-label={words.narrow}>
      <button type="button" className="button facets-opener" aria-expanded={open} aria-controls="facets" onClick={() => setOpen(!open)}>
        {words.narrow}
        {narrowed && <span className="shop-count">!</span>}
      </button>
      <div id="facets" className={open ? 'facets-all facets-open' : 'facets-all'}>
        <Departments {...props} />
        <Prices key={`${props.query.get('minPrice')}-${props.query.get('maxPrice')}`} {...props} />
        <CheckField
          name="inStock"
          label={words.inStock}
          checked={props.query.get('inStock') === 'true'}
          onChange={(event) => props.onChoose({ inStock: event.target.checked ? 'true' : '' })}
        />
        {narrowed && (
          <button
            type="button"
            className="button"
            onClick={() => props.onChoose({ text: '', category: '', minPrice: '', maxPrice: '', inStock: '' })}
          >
            {words.clear}
          </button>
        )}
      </div>
    </aside>
  );
}

function Departments({ categories, facets, query, onChoose }: Parameters<typeof Facets>[0]) {
  const { catalogue: words, departments } = useShopWords();
  const formats = useFormats();
  const chosen = query.get('category') ?? '';
  const counts = new Map(facets?.categories.map(({ category, products }) => [category, products]));
  return (
    <fieldset className="departments">
      <legend className="label">{words.departments}</legend>
      {[{ id: '', name: words.allDepartments }, ...(categories ?? [])].map(({ id, name }) => (
        <label key={id}>
          <input type="radio" name="category" checked={chosen === id} onChange={() => onChoose({ category: id })} />
          <span>{departments[id] ?? name}</span>
          <span className="label">{id === '' || facets === undefined ? '' : formats.whole(counts.get(id) ?? 0)}</span>
        </label>
      ))}
      {categories === undefined && <Placeholder width="100%" height="23rem" />}
    </fieldset>
  );
}

function Prices({ facets, query, onChoose }: Parameters<typeof Facets>[0]) {
  const { catalogue: words } = useShopWords();
  const formats = useFormats();
  const apply = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    onChoose({ minPrice: String(typed.get('minPrice') ?? ''), maxPrice: String(typed.get('maxPrice') ?? '') });
  };
  const field = { type: 'number', inputMode: 'numeric', min: 0, max: 9_999_999, step: 1, required: false } as const;
  return (
    <form className="facet-prices" onSubmit={apply} noValidate>
      <TextField
        {...field}
        label={words.minPrice}
        name="minPrice"
        defaultValue={query.get('minPrice') ?? ''}
        placeholder={formats.whole(facets?.lowestPrice ?? null)}
      />
      <TextField
        {...field}
        label={words.maxPrice}
        name="maxPrice"
        defaultValue={query.get('maxPrice') ?? ''}
        placeholder={formats.whole(facets?.highestPrice ?? null)}
      />
      <button type="submit" className="button">
        {words.applyPrices}
      </button>
    </form>
  );
}
