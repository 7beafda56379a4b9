/** Which page of the stocks an address means. */

export type StocksPage = { readonly page: 'market' } | { readonly page: 'company'; readonly code: string };

/** Undefined when no page stands there. A company is found however its code is written. */
export function stocksPageAt([, code, ...more]: readonly string[]): StocksPage | undefined {
  if (more.length > 0) return undefined;
  return code === undefined ? { page: 'market' } : { page: 'company', code: code.toUpperCase() };
}

export function companyPath(code: string): string {
  return `/stocks/${encodeURIComponent(code)}`;
}
