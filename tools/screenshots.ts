#!/usr/bin/env node
/** `npm run screenshots`: starts a house with a little history and a customer, and writes the README's pictures to docs/screenshots. */
import { mkdirSync } from 'node:fs';
import type { APIRequestContext, BrowserContextOptions, Page } from 'playwright-core';
import { english as stocks } from '#modules/stocks/web/english.ts';
import { until } from '#testkit/until.ts';
import { openBrowser } from '../test/e2e/browser.ts';
import { signUp } from '../test/e2e/customer.ts';
import { allCompaniesTraded, startHouse } from '../test/e2e/house.ts';

const folder = new URL('../docs/screenshots/', import.meta.url).pathname;
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

const looks = [
  { locale: 'en-GB', colorScheme: 'light', suffix: 'light' },
  { locale: 'en-GB', colorScheme: 'dark', suffix: 'dark' },
  { locale: 'de-DE', colorScheme: 'light', suffix: 'german' },
] as const;

mkdirSync(folder, { recursive: true });
const house = await startHouse();
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
    const storageState = await customer.storageState();
    await customer.close();

    for (const { locale, colorScheme, suffix } of looks) {
      const context = await browser.newContext({ ...options, locale, colorScheme, storageState });
      const page = await context.newPage();
      for (const { name, path, drawn } of pictures.filter(({ alsoInGerman }) => alsoInGerman || locale !== 'de-DE')) {
        await page.goto(`${house.url}${path}`);
        await drawn(page);
        await page.locator('.band .coins').waitFor(ready);
        // The auditor has run, and the history of the new tape no longer counts as trades of the last seconds.
        await page.locator('.proof-holds').waitFor(ready);
        await until(async () => (await tradesPerSecond(page)) < settledTradesPerSecond, {
          timeoutMs: ready.timeout,
          describe: 'a tape at its own speed',
        });
        await page.screenshot({ path: `${folder}${name}-${suffix}.png` });
        console.log(`docs/screenshots/${name}-${suffix}.png`);
      }
      await context.close();
    }
  } finally {
    await browser.close();
  }
} finally {
  await house.remove();
}
