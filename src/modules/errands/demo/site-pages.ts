/** The pages of the demonstration's site, as HTML. They need no script, so that what a reader sees is what a miner fetches. */
import { type Good, goodsAt, headlinesAt } from './happenings.ts';

export const sitePath = '/demo-site';

const links = [
  ['', 'The quay'],
  ['prices', 'Prices'],
  ['news', 'News'],
  ['moody', 'A page that fails sometimes'],
  ['slow', 'A slow page'],
] as const;

export function startPage(): string {
  return page(
    'The quay',
    `<p>A small site that changes all by itself. Errands fetch it without a network: its prices move, ships come in,
one page fails for 20 seconds of every minute, and one takes three seconds to answer.</p>
<p>The prices are <a href="${sitePath}/prices.json">also there as JSON</a>.</p>`,
  );
}

export function pricesPage(now: number): string {
  const rows = goodsAt(now).map(({ id, name, cents }) => `<tr><th scope="row">${name}</th><td id="${id}">${euros(cents)}</td></tr>`);
  return page('Prices on the quay', `<table><tbody>\n${rows.join('\n')}\n</tbody></table>`);
}

/** `{ "asOf": 1790000000000, "goods": { "tea": { "name": "…", "price": 84.5 }, … } }` */
export function pricesJson(now: number): string {
  const entry = ({ id, name, cents }: Good) => [id, { name, price: cents / 100 }] as const;
  return JSON.stringify({ asOf: now, goods: Object.fromEntries(goodsAt(now).map(entry)) });
}

export function newsPage(now: number): string {
  const items = headlinesAt(now).map(({ at, text }) => `<li><time>${clock(at)}</time> ${text}.</li>`);
  return page('News from the quay', `<ul id="news">\n${items.join('\n')}\n</ul>`);
}

export function moodyPage(): string {
  return page('In a good mood', '<p id="mood">The harbour master answers. For 20 seconds of every minute he does not.</p>');
}

export function failingPage(): string {
  return page('Come back later', '<p>The harbour master is not in the mood.</p>');
}

export function slowPage(): string {
  return page('At last', '<p id="slow">This answer took three seconds.</p>');
}

export const siteStyle = `:root { color-scheme: light dark; font: 1.05rem/1.5 system-ui, sans-serif }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin-bottom: 2rem }
a { color: light-dark(#0b5c4a, #57c2a6) }
table { border-collapse: collapse }
th, td { padding: 0.4rem 1.5rem 0.4rem 0; border-bottom: 1px solid light-dark(#d3dcd8, #25332f); text-align: left }
td { text-align: right; font-variant-numeric: tabular-nums }
`;

function page(title: string, body: string): string {
  const ways = links.map(([path, name]) => `<a href="${sitePath}${path === '' ? '' : `/${path}`}">${name}</a>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${sitePath}/style.css">
<nav>
${ways.join('\n')}
</nav>
<main>
<h1>${title}</h1>
${body}
</main>
</html>
`;
}

function euros(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** `14:05:30`, in UTC. */
function clock(at: number): string {
  const seconds = Math.floor(at / 1_000);
  const parts = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
