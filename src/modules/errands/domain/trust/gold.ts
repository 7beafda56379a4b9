/** Gold pages: pages that the house serves under addresses that nobody can guess. An answer without the nonce was made up. */

/** The customer of runs for gold pages: no person. */
export const goldCustomer = '0'.repeat(32);
/** What their addresses begin with. */
export const goldPath = '/errands/pages';

/** Between two gold pages of the house, while there are miners. */
export const goldEveryMs = { usually: 60_000, demo: 20_000 } as const;
/** For so long a page is served, and its order is kept. */
export const goldKeepMs = 3 * 86_400_000;

/** It looks like an ordinary page: the nonce stands where other pages have the number of an article. */
export function goldPage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Stock list</title></head>
<body>
<h1>Stock list</h1>
<p>Goods that came in this week. Prices are on request.</p>
<p>List ${nonce}</p>
</body>
</html>
`;
}
