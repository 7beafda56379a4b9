/** The page when the house is killed under it: it says so, comes back by itself, shows that it did, and loads what failed meanwhile. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { freePort } from '#cluster/free-port.ts';
import { english as flights } from '#modules/flights/web/english.ts';
import { names as flightsNames } from '#modules/flights/web/names.ts';
import { english as overview } from '#modules/overview/web/english.ts';
import { names as shopNames } from '#modules/shop/web/names.ts';
import { english as stocks } from '#modules/stocks/web/english.ts';
import { until } from '#testkit/until.ts';
import { english } from '../../web/src/language/english.ts';
import { startHouse, type TestHouse } from './house.ts';
import { browser, closesPages } from './visited-house.ts';
import { openPage } from './watched-page.ts';

/** Of a busy machine; live-client.test.ts holds the waits to 3 seconds. */
const maxBackMs = 30_000;

describe('a house that is killed and started again', () => {
  let house: TestHouse;
  closesPages();

  before(async () => {
    house = await startHouse({ port: await freePort(), env: { STOCKS_HISTORY_MINUTES: '0' } });
  });
  after(() => house?.remove());

  it('is found again by an open page, which shows the gap and goes on with the same books', async () => {
    const { page } = await openPage(browser());
    // The code of the shop is here before the house is away.
    await page.goto(`${house.url}/shop`);
    await page.locator('.card').first().waitFor();
    await page.getByRole('link', { name: stocks.market.title, exact: true }).click();
    const connection = page.getByRole('status').filter({ has: page.locator('.connection-text') });
    const published = async () => Number((await page.locator('.proof-total .proof-value').textContent())?.replaceAll(/\D/g, ''));
    await connection.getByText(english.connection.live, { exact: true }).waitFor();
    await until(async () => (await published()) > 0, { describe: 'the first figures' });
    const before = await published();
    const { page: front } = await openPage(browser());
    await front.goto(house.url);
    const seal = front.locator('.books .seal');
    await seal.getByText(overview.books.holds).waitFor();
    await front.locator('.loop-lit').first().waitFor({ state: 'attached' });
    const { page: late } = await openPage(browser());
    await late.goto(`${house.url}/shop`);
    await late.getByRole('status').getByText(english.connection.live, { exact: true }).waitFor();

    await house.kill();
    await connection.getByText(english.connection.reconnecting('').trim()).waitFor();
    await page.getByRole('button', { name: english.connection.retry }).click();
    // A list that is asked for while nobody answers.
    await page.getByRole('link', { name: shopNames.market.en, exact: true }).click();
    await page.getByRole('heading', { name: english.house.failed }).waitFor();

    // A page whose code is asked for while nobody answers.
    await late.getByRole('link', { name: flightsNames.market.en, exact: true }).click();
    await late.locator('main [aria-busy=true]').waitFor();
    // It is left before the house is back, and visited again after that.
    await late.getByRole('link', { name: shopNames.market.en, exact: true }).click();

    // No green seal over a dead house, and no rate that is not: what was known is grey, with its time.
    await seal.getByText(overview.books.lost).waitFor();
    await seal.getByText(overview.lastKnown('')).waitFor();
    assert.equal(await front.locator('.loop-lit, .seal-good, .law-holds').count(), 0);

    house = await house.restart();
    await connection.getByText(english.connection.whole).waitFor({ timeout: maxBackMs });
    await page.locator('.card').first().waitFor();
    await page.getByRole('link', { name: stocks.market.title, exact: true }).click();
    await until(async () => (await published()) > before, { describe: `more than the ${before} trades published before` });
    await page.getByText(overview.books.holds).waitFor();
    await seal.getByText(overview.books.holds).waitFor({ timeout: maxBackMs });
    await front.locator('.loop-lit').first().waitFor({ state: 'attached' });
    await late.getByRole('status').getByText(english.connection.live, { exact: true }).waitFor({ timeout: maxBackMs });
    await late.getByRole('link', { name: flightsNames.market.en, exact: true }).click();
    await late.getByRole('heading', { level: 1, name: flights.search.title }).waitFor({ timeout: maxBackMs });
    assert.equal(await page.getByRole('heading', { level: 1, name: stocks.market.title }).count(), 1, 'the page was not loaded anew');
  });
});
