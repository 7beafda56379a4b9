/** What of the catalogue is looked at: read from the address, so that it can be sent to somebody and gone back to. */
import type { CatalogueAsked } from '#modules/shop/api/catalogue/contracts.ts';

export type AskedCatalogue = Partial<CatalogueAsked> & Pick<CatalogueAsked, 'sort' | 'limit'>;

export const sorts = ['relevance', 'popular', 'newest', 'name', 'price', 'price-down'] as const satisfies readonly CatalogueAsked['sort'][];
export type Sort = CatalogueAsked['sort'];

export const productsPerPage = 24;

/** The query for the API out of the page's own; anything in it that makes no sense is left out. */
export function apiQuery(page: URLSearchParams): AskedCatalogue {
  const text = (page.get('text') ?? '').trim().slice(0, 100);
  const category = page.get('category') ?? '';
  const after = page.get('after') ?? '';
  const price = (name: string) => (/^\d{1,7}$/.test(page.get(name) ?? '') ? { [name]: Number(page.get(name)) } : {});
  return {
    ...(text === '' ? {} : { text }),
    ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(category) ? { category } : {}),
    ...price('minPrice'),
    ...price('maxPrice'),
    ...(page.get('inStock') === 'true' ? { inStock: true } : {}),
    sort: sorts.find((sort) => sort === page.get('sort')) ?? 'relevance',
    limit: productsPerPage,
    ...(pageIn(page) > 1 ? { after } : {}),
  };
}

/** The number of the page, which begins after what `after` names. */
export function pageIn(page: URLSearchParams): number {
  const text = page.get('page') ?? '';
  return /^[1-9]\d{0,3}$/.test(text) && /^[A-Za-z0-9_-]{1,2000}$/.test(page.get('after') ?? '') ? Number(text) : 1;
}

/** In the address: what begins a list anew, because it is narrowed down or sorted in another way. */
export const firstPage = { page: '', after: '' } as const;

/** Whether anything narrows the catalogue down. */
export function isNarrowed(page: URLSearchParams): boolean {
  return ['text', 'category', 'minPrice', 'maxPrice', 'inStock'].some((name) => (page.get(name) ?? '') !== '');
}
