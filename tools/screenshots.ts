#!/usr/bin/env node
/** `npm run screenshots`: starts a house with a little history and writes the README's pictures to docs/screenshots. */
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { until } from '#testkit/until.ts';
import { openBrowser } from '../test/e2e/browser.ts';
import { allCompaniesTraded, startHouse } from '../test/e2e/house.ts';
import { english } from '../web/src/language/english.ts';

const folder = new URL('../docs/screenshots/', import.meta.url).pathname;
const viewport = { width: 1280, height: 860 };
const ready = { timeout: 60_000 };

const pictures: readonly { readonly name: string; readonly path: string; drawn(page: Page): Promise<void> }[] = [
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
      await page.getByText(english.company.spans['1h'], { exact: true }).click();
      await page.locator('.chart-sheet canvas').first().waitFor(ready);
    },
  },
];

/** Twelve companies at 1,000 trades a second, and some room. */
const settledTradesPerSecond = 15_000;
const tradesPerSecond = async (page: Page) => Number((await page.locator('.proof-rate .proof-value').textContent())?.replaceAll(/\D/g, ''));

mkdirSync(folder, { recursive: true });
const house = await startHouse();
try {
  await allCompaniesTraded(house);
  const browser = await openBrowser();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        locale: 'en-GB',
        timezoneId: 'UTC',
        deviceScaleFactor: 1,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      for (const { name, path, drawn } of pictures) {
        await page.goto(`${house.url}${path}`);
        await drawn(page);
        // The auditor has looked, and the history of the new tape is no longer counted as trades of these seconds.
        await page.locator('.proof-holds').waitFor(ready);
        await until(async () => (await tradesPerSecond(page)) < settledTradesPerSecond, {
          timeoutMs: ready.timeout,
          describe: 'a tape at its own speed',
        });
        await page.screenshot({ path: `${folder}${name}-${colorScheme}.png` });
        console.log(`docs/screenshots/${name}-${colorScheme}.png`);
      }
      await context.close();
    }
  } finally {
    await browser.close();
  }
} finally {
  await house.remove();
}
