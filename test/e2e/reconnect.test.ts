/** The page when the house is killed under it: it says so, comes back by itself, and shows that it did. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { english as stocks } from '#modules/stocks/web/english.ts';
import { until } from '#testkit/until.ts';
import { english } from '../../web/src/language/english.ts';
import { openBrowser } from './browser.ts';
import { startHouse, type TestHouse } from './house.ts';
import { openPage } from './watched-page.ts';

const maxBackMs = 30_000;

describe('a house that is killed and started again', () => {
  let house: TestHouse;
  let browser: Browser;

  before(async () => {
    house = await startHouse({ env: { STOCKS_HISTORY_MINUTES: '0' } });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await house?.remove();
  });

  it('is found again by an open page, which shows the gap and goes on with the same books', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${house.url}/stocks`);
    const connection = page.getByRole('status').filter({ has: page.locator('.connection-text') });
    const published = async () => Number((await page.locator('.proof-total .proof-value').textContent())?.replaceAll(/\D/g, ''));
    await connection.getByText(english.connection.live, { exact: true }).waitFor();
    await until(async () => (await published()) > 0, { describe: 'the first figures' });
    const before = await published();

    await house.kill();
    await connection.getByText(english.connection.reconnecting('').trim()).waitFor();

    house = await house.restart();
    await connection.getByText(english.connection.reconnected('').trim()).waitFor({ timeout: maxBackMs });
    await until(async () => (await published()) > before, { describe: `more than the ${before} trades published before` });
    await page.getByText(stocks.proof.holds).waitFor();
    assert.equal(await page.getByRole('heading', { level: 1, name: stocks.market.title }).count(), 1, 'the page was not loaded anew');
  });
});
