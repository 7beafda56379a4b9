/** What of the catalogue is looked at: read from the address, so that it can be sent to somebody and gone back to. */

export const sorts = ['relevance', 'popular', 'newest', 'name', 'price', 'price-down'] as const;
export type Sort = (typeof sorts)[number];

export const productsPerPage = 24;

/** The query for the API out of the page's own; anything in it that makes no sense is left out. */
export function apiQuery(page: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams();
  const text = (page.get('text') ?? '').trim().slice(0, 100);
  if (text !== '') query.set('text', text);
  const category = page.get('category') ?? '';
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(category)) query.set('category', category);
  for (const name of ['minPrice', 'maxPrice']) {
    const price = page.get(name) ?? '';
    if (/^\d{1,7}$/.test(price)) query.set(name, price);
  }
  if (page.get('inStock') === 'true') query.set('inStock', 'true');
  query.set('sort', sortIn(page));
  query.set('page', String(pageIn(page)));
  query.set('pageSize', String(productsPerPage));
  return query;
}

export function sortIn(page: URLSearchParams): Sort {
  return sorts.find((sort) => sort === page.get('sort')) ?? 'relevance';
}

export function pageIn(page: URLSearchParams): number {
  const text = page.get('page') ?? '';
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 1;
}

/** Whether anything narrows the catalogue down. */
export function isNarrowed(page: URLSearchParams): boolean {
  return ['text', 'category', 'minPrice', 'maxPrice', 'inStock'].some((name) => (page.get(name) ?? '') !== '');
}
