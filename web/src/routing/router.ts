/** Which page an address means. Addresses are the browser's own (history API): the server answers all of them with the app. */

export type Page =
  | { readonly page: 'stocks' }
  | { readonly page: 'company'; readonly code: string }
  | { readonly page: 'unknown'; readonly path: string };

export function pageAt(path: string): Page {
  const parts = path.split('/').filter((part) => part !== '');
  const [market, code, ...more] = parts;
  if (more.length > 0) return { page: 'unknown', path };
  if (market === undefined || (market === 'stocks' && code === undefined)) return { page: 'stocks' };
  if (market === 'stocks' && code !== undefined) return { page: 'company', code: decoded(code).toUpperCase() };
  return { page: 'unknown', path };
}

export function companyPath(code: string): string {
  return `/stocks/${encodeURIComponent(code)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A lone % is no reason to fail: the company will simply not be found.
    return part;
  }
}
