/** Which page an address means. Addresses are the browser's own (history API): the server answers all of them with the app. */

export type Page =
  | { readonly page: 'stocks' }
  | { readonly page: 'company'; readonly code: string }
  /** An area knows its own pages: its code is loaded when somebody goes there. `parts` are those of the address. */
  | { readonly page: 'area'; readonly area: Area; readonly parts: readonly string[] }
  | { readonly page: 'unknown'; readonly path: string };

const areas = {
  shop: 'shop',
  wallet: 'wallet',
  admin: 'admin',
  account: 'people',
  login: 'people',
  'sign-up': 'people',
  forgotten: 'people',
  mailbox: 'people',
} as const;
export type Area = (typeof areas)[keyof typeof areas];

export function pageAt(path: string): Page {
  const parts = path.split('/').filter((part) => part !== '');
  const [market, code, ...more] = parts;
  const area = market === undefined || !Object.hasOwn(areas, market) ? undefined : areas[market as keyof typeof areas];
  if (area !== undefined) return { page: 'area', area, parts: parts.map(decoded) };
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
