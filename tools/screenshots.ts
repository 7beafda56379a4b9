#!/usr/bin/env node
/**
 * `npm run screenshots [NAME...]`: starts a house with a little history and a customer, and writes the README's pictures to
 * docs/screenshots; with names, only these (`plug` for those of the pulled plug).
 */
import { mkdirSync } from 'node:fs';
import type { APIRequestContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { freePort } from '#cluster/free-port.ts';
import { english as overview } from '#modules/overview/web/english.ts';
import { english as stocks } from '#modules/stocks/web/english.ts';
import { until } from '#testkit/until.ts';
import { openBrowser } from '../test/e2e/browser.ts';
import { signUp } from '../test/e2e/customer.ts';
import { allCompaniesTraded, startHouse } from '../test/e2e/house.ts';

const folder = new URL('../docs/screenshots/', import.meta.url).pathname;
/** So many routes are looked at, to be seen on the map. */
const watchedRoutes = 60;
/** Until a run of the pricer has seen them. */
const firstDemandMs = 180_000;
/** An errand is done every 10 seconds. */
const firstResultsMs = 120_000;
const viewport = { width: 1280, height: 860 };
const ready = { timeout: 60_000 };

interface Picture {
  readonly name: string;
  readonly path: string;
  /** Whether it is also taken in German. */
  readonly alsoInGerman?: boolean;
  drawn(page: Page): Promise<void>;
}

const pictures: readonly Picture[] = [
  {
    name: 'overview',
    path: '/',
    alsoInGerman: true,
    async drawn(page) {
      await page
        .locator('.loop-lit')
        .nth(2)
        .waitFor({ ...ready, state: 'attached' });
      await page.locator('.tile-rows:not([aria-busy="true"])').nth(3).waitFor(ready);
      await page.locator('.wallet-card .coins').waitFor(ready);
    },
  },
  {
    name: 'market',
    path: '/stocks',
    async drawn(page) {
      await page
        .locator('.company-table tbody .cell-spark svg path, .company-table tbody .cell-spark canvas')
        .first()
        .waitFor({ ...ready, state: 'attached' });
    },
  },
  {
    name: 'company',
    path: '/stocks/MSFT',
    async drawn(page) {
      await page.locator('.batch-table tbody tr').nth(5).waitFor(ready);
      await page.getByText(stocks.company.spans['1h'], { exact: true }).click();
      await page.locator('.chart-sheet canvas').first().waitFor(ready);
    },
  },
  { name: 'shop', path: '/shop', alsoInGerman: true, drawn: picturesDrawn },
  { name: 'product', path: '/shop/products/darjeeling-first-flush', alsoInGerman: true, drawn: picturesDrawn },
  { name: 'cart', path: '/shop/cart', alsoInGerman: true, drawn: picturesDrawn },
  {
    name: 'checkout',
    path: '/shop/checkout',
    alsoInGerman: true,
    async drawn(page) {
      await page.locator('.checkout-form').waitFor(ready);
    },
  },
  {
    name: 'wallet',
    path: '/wallet',
    alsoInGerman: true,
    async drawn(page) {
      await page.locator('.statement tbody tr').nth(4).waitFor(ready);
    },
  },
];

/** `search` is the address of a search that finds flights. */
function flightPictures(search: string): readonly Picture[] {
  return [
    {
      name: 'flights',
      path: search,
      alsoInGerman: true,
      async drawn(page) {
        await page.locator('.itinerary').first().waitFor(ready);
        await page.locator('.calendar button').first().waitFor(ready);
      },
    },
    {
      name: 'demand',
      path: '/flights/demand',
      async drawn(page) {
        await page
          .locator('.world-map .map-target')
          .nth(watchedRoutes / 2)
          .waitFor({ timeout: firstDemandMs, state: 'attached' });
      },
    },
  ];
}

/** `path` is the page of an order that has run for a while. */
function errandPictures(path: string): readonly Picture[] {
  return [
    {
      name: 'errands',
      path,
      alsoInGerman: true,
      async drawn(page) {
        await page.locator('.errands-order-main .ledger tbody tr').nth(5).waitFor({ timeout: firstResultsMs });
        await page.locator('.steps-chart').waitFor(ready);
        await page.locator('.errands-runs li').first().waitFor(ready);
      },
    },
  ];
}

/** Orders the price of tea, every 10 seconds; the path of its page. */
async function orderAnErrand(request: APIRequestContext, url: string): Promise<string> {
  const response = await request.post(`${url}/api/errands/examples/prices`);
  if (!response.ok()) throw new Error(await response.text());
  const { id } = (await response.json()) as { readonly id: string };
  return `/errands/orders/${id}`;
}

/** Looks at the flights between airports all over the world, the first of them most often; the address of one of these searches. */
async function watchFlights(request: APIRequestContext, url: string): Promise<string> {
  const { airports } = (await (await request.get(`${url}/api/flights/airports?limit=30`)).json()) as {
    readonly airports: readonly { readonly code: string }[];
  };
  const date = new Date(Date.now() + 18 * 86_400_000).toISOString().slice(0, 10);
  const found: string[] = [];
  for (const [place, { code: from }] of airports.entries()) {
    for (const { code: to } of airports.slice(place + 1)) {
      if (found.length === watchedRoutes) break;
      const query = `from=${from}&to=${to}&date=${date}`;
      const { nonstop } = (await (await request.get(`${url}/api/flights/search?${query}&maxStops=0`)).json()) as {
        readonly nonstop: number;
      };
      if (nonstop > 0) found.push(`/flights?${query}`);
    }
  }
  const [first] = found;
  if (first === undefined) throw new Error('no flights between the airports with the most flights');
  return first;
}

/** The role whose plug is pulled. */
const pulledRole = 'stocks-aggregator';

/**
 * Pulls a plug on the overview: the sheet when it was noticed, when all is well again, and with the verdict. The audit may end within
 * the second of the recovery, and the page never shows the moment between: then the plug is pulled again.
 */
async function pullThePlug(page: Page, url: string, suffix: string): Promise<void> {
  await page.goto(url);
  const sheet = page.getByRole('region', { name: overview.pull.pulled(pulledRole) });
  const verdict = sheet.locator('.pull-good');
  // The sheet of an earlier pull of the same role has a verdict.
  const running = sheet.filter({ hasNot: page.locator('.pull-good') });
  const done = (step: string) => running.locator('.pull-step-done').filter({ hasText: step });
  for (let seen = false; !seen; ) {
    await page.getByRole('button', { name: overview.pull.plugOf(pulledRole) }).click(ready);
    await page.getByRole('button', { name: overview.pull.confirm }).click();
    await done(overview.pull.stages.noticed).waitFor(ready);
    await save(sheet, `plug-pulled-${suffix}`);
    await done(overview.pull.stages.recovered).or(verdict).first().waitFor(ready);
    await save(sheet, `plug-recovered-${suffix}`);
    seen = (await verdict.count()) === 0;
    await verdict.waitFor(ready);
  }
  await save(sheet, `plug-verdict-${suffix}`);
}

async function save(what: Page | Locator, name: string): Promise<void> {
  await what.screenshot({ path: `${folder}${name}.png` });
  console.log(`docs/screenshots/${name}.png`);
}

/** Waits for all product pictures in view. */
async function picturesDrawn(page: Page): Promise<void> {
  await page.locator('img.picture').first().waitFor(ready);
  const drawn = '[...document.images].every((image) => image.getBoundingClientRect().top > innerHeight || image.naturalWidth > 0)';
  await until(() => page.evaluate<boolean>(drawn), { timeoutMs: ready.timeout, describe: 'pictures' });
}

/** A customer with a varied statement: coins from the faucet, three orders, one of them returned, and a cart. */
async function shopALittle(request: APIRequestContext, url: string): Promise<void> {
  const shipTo = { name: 'Ada Lovelace', street: 'Am Sandtorkai 1', postcode: '20457', city: 'Hamburg', country: 'DE' };
  const send = async <Answer>(
    method: 'put' | 'post',
    path: string,
    data?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await request[method](`${url}${path}`, { ...(data === undefined ? {} : { data }), headers });
    if (!response.ok()) throw new Error(`${path}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  await send('post', '/api/coins/faucet');
  let last = '';
  for (const [variant, quantity] of [
    ['TEA-002-1', 2],
    ['AMB-002-1', 1],
    ['TEA-001-1', 3],
  ] as const) {
    const { total } = await send<{ total: number }>('put', `/api/shop/cart/lines/${variant}`, { quantity });
    const input = { payment: 'coins', expectedTotal: total, shipTo };
    last = (await send<{ id: string }>('post', '/api/shop/checkout', input, { 'idempotency-key': `picture-${variant}` })).id;
  }
  await send('post', `/api/shop/orders/${last}/cancellation`);
  for (const [variant, quantity] of [
    ['TEA-019-2', 2],
    ['SHI-008-1', 1],
    ['FIS-002-1', 3],
  ] as const)
    await send('put', `/api/shop/cart/lines/${variant}`, { quantity });
  await send('put', '/api/shop/cart/promo', { code: 'MOIN10' });
}

/** Twelve companies at 1,000 trades a second, with some margin. */
const settledTradesPerSecond = 15_000;
const tradesPerSecond = async (page: Page) => Number((await page.locator('.proof-rate .proof-value').textContent())?.replaceAll(/\D/g, ''));

const named = process.argv.slice(2);
const isWanted = (name: string) => named.length === 0 || named.includes(name);

const looks = [
  { locale: 'en-GB', colorScheme: 'light', suffix: 'light' },
  { locale: 'en-GB', colorScheme: 'dark', suffix: 'dark' },
  { locale: 'de-DE', colorScheme: 'light', suffix: 'german' },
] as const;

mkdirSync(folder, { recursive: true });
const house = await startHouse({ port: await freePort(), env: { FLIGHTS_LAND_SECONDS: '1', FLIGHTS_PRICE_MINUTES: '1' } });
try {
  await allCompaniesTraded(house);
  const browser = await openBrowser();
  try {
    const options: BrowserContextOptions = { viewport, locale: 'en-GB', timezoneId: 'UTC', deviceScaleFactor: 1, reducedMotion: 'reduce' };
    const customer = await browser.newContext(options);
    const entrance = await customer.newPage();
    await entrance.goto(`${house.url}/sign-up`);
    await signUp(entrance, { name: 'Ada Lovelace', email: 'ada@example.org' });
    await shopALittle(customer.request, house.url);
    const errand = await orderAnErrand(customer.request, house.url);
    const search = await watchFlights(customer.request, house.url);
    const storageState = await customer.storageState();
    await customer.close();

    for (const { locale, colorScheme, suffix } of looks) {
      const context = await browser.newContext({ ...options, locale, colorScheme, storageState });
      const page = await context.newPage();
      for (const { name, path, drawn } of [...pictures, ...flightPictures(search), ...errandPictures(errand)].filter(
        ({ name, alsoInGerman }) => isWanted(name) && (alsoInGerman || locale !== 'de-DE'),
      )) {
        await page.goto(`${house.url}${path}`);
        // Fonts come after the page.
        await page.locator('html[data-fonts=ready]').waitFor();
        await drawn(page);
        await page.locator('.band .coins').waitFor(ready);
        // The auditor has run, and the history of the new tape no longer counts as trades of the last seconds.
        await page.locator('.proof-holds').waitFor(ready);
        await until(async () => (await tradesPerSecond(page)) < settledTradesPerSecond, {
          timeoutMs: ready.timeout,
          describe: 'a tape at its own speed',
        });
        await save(page, `${name}-${suffix}`);
      }
      if (isWanted('plug') && locale !== 'de-DE') await pullThePlug(page, house.url, suffix);
      await context.close();
    }
  } finally {
    await browser.close();
  }
} finally {
  await house.remove();
}
