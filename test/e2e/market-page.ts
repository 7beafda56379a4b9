/** The market page in a real browser: prices move, the books balance, and everybody can read it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { english as overview } from '#modules/overview/web/english.ts';
import { english as people } from '#modules/people/web/english.ts';
import { english as stocks } from '#modules/stocks/web/english.ts';
import { german as stocksGerman } from '#modules/stocks/web/german.ts';
import { until } from '#testkit/until.ts';
import { english } from '../../web/src/language/english.ts';
import { accessibilityProblems, shownAnew } from './accessibility.ts';
import { signUp } from './customer.ts';
import { defaultCompanyCount } from './house.ts';
import { house, visits } from './visited-house.ts';
import { sidewaysPixels } from './watched-page.ts';

const maxMoveMs = 2_000;

const prices = (page: Page) => page.locator('.company-table tbody .cell-price').allTextContents();
const proof = (page: Page) => page.getByRole('complementary', { name: overview.books.proof });

describe('the market page', () => {
  const { visit, complaints } = visits();

  async function openMarket(options?: BrowserContextOptions): Promise<Page> {
    const page = await visit('/stocks', options);
    await page.locator('.company-table tbody .cell-price').first().waitFor();
    return page;
  }

  it('shows every company, and prices that move within 2 seconds', async () => {
    const page = await openMarket();
    const first = await prices(page);
    assert.equal(first.length, defaultCompanyCount);
    // The quickest of several moves, as a busy machine delays some, and may do so for a while.
    const tookMs: number[] = [];
    while (tookMs.length < 20 && Math.min(...tookMs) >= maxMoveMs) {
      const [before, fromMs] = [(await prices(page)).join(), performance.now()];
      await until(async () => (await prices(page)).join() !== before, { describe: 'a price that moves' });
      tookMs.push(performance.now() - fromMs);
    }
    assert.ok(Math.min(...tookMs) < maxMoveMs, `${tookMs} ms`);
  });

  it('shows the proof line: the books balance, and the sum is right', async () => {
    const page = await openMarket();
    await proof(page).getByText(overview.books.holds).waitFor();
    const sum = async () =>
      (await proof(page).locator('.proof-sum .proof-value').allTextContents()).map((text) => Number(text.replaceAll(/\D/g, '')));
    // It comes by another way than the verdict.
    await until(async () => ((await sum())[0] ?? 0) > 0, { describe: 'the sum of the tape' });
    const [published, ...parts] = await sum();
    assert.equal(
      published,
      parts.reduce((sum, part) => sum + part, 0),
    );
  });

  it('speaks German and English, and remembers which', async () => {
    const page = await openMarket();
    await page.getByRole('button', { name: english.house.settings }).click();
    await page.getByText('Deutsch').click();
    await page.getByRole('heading', { name: stocksGerman.market.list }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    await page.reload();
    await page.getByRole('heading', { name: stocksGerman.market.list }).waitFor();
  });

  it('greets a German browser in German', async () => {
    const page = await openMarket({ locale: 'de-DE' });
    await page.getByRole('heading', { name: stocksGerman.market.list }).waitFor();
  });

  it('is light or dark as the system is, until somebody chooses', async () => {
    const background = (page: Page) => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    const light = await openMarket({ colorScheme: 'light' });
    const dark = await openMarket({ colorScheme: 'dark' });
    const [lightColor, darkColor] = [await background(light), await background(dark)];
    assert.notEqual(lightColor, darkColor);
    await light.getByRole('button', { name: english.house.settings }).click();
    await light.getByText(english.house.themes.dark, { exact: true }).click();
    await until(async () => (await background(light)) === darkColor, { describe: 'the chosen dark' });
    await light.reload();
    assert.equal(await background(light), darkColor);
  });

  it('can be used with the keyboard alone', async () => {
    const page = await openMarket();
    await page.keyboard.press('Tab');
    assert.equal(await page.locator(':focus').textContent(), english.house.skip);
    await page.keyboard.press('Enter');
    await page.getByRole('searchbox', { name: stocks.market.filter }).focus();
    await page.keyboard.type('lufthansa');
    await until(async () => (await prices(page)).length === 1, { describe: 'one company left' });
    const focused = () => page.evaluate<string>("document.activeElement?.textContent ?? ''");
    for (let presses = 0; presses < 20 && (await focused()) !== 'Lufthansa'; presses += 1) await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Lufthansa');
    assert.notEqual(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle'), 'none', 'the focus is seen');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/stocks/LHA');
  });

  it('keeps a watch list with the account, and brings a stranger back after the login', async () => {
    const page = await openMarket();
    const star = page.getByRole('button', { name: stocks.market.watch('SAP') });
    await star.click();
    await page.waitForURL('**/login?next=*');
    await page.getByRole('link', { name: people.login.toSignUp }).click();
    await signUp(page, { name: 'Wanda Watches', email: 'wanda@example.org' });
    await page.goto(`${house().url}/stocks?watched=yes`);
    await page.getByRole('heading', { name: stocks.market.noneWatched }).waitFor();
    await page.getByRole('button', { name: stocks.market.clear }).click();
    await star.click();
    await page.getByRole('button', { name: stocks.market.watchList }).click();
    await until(async () => (await prices(page)).length === 1, { describe: 'one company left' });
    await page.reload();
    await until(async () => (await prices(page)).length === 1, { describe: 'the same after a reload' });
    assert.equal(await star.getAttribute('aria-pressed'), 'true');
  });

  it('fits every screen from phone to wall without scrolling sideways', async () => {
    const page = await openMarket();
    for (const width of [320, 390, 768, 1024, 1600, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      assert.equal(await sidewaysPixels(page), 0, `at ${width} pixels`);
    }
  });

  it('has nothing that assistive technology stumbles over, in light and dark', async () => {
    const page = await openMarket();
    await proof(page).getByText(overview.books.holds).waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.emulateMedia({ colorScheme: 'dark' });
    await shownAnew(page);
    assert.deepEqual(await accessibilityProblems(page, ['color-contrast']), []);
  });

  it('says so when an address leads nowhere, and leads on', async () => {
    const page = await openMarket();
    await page.goto(`${house().url}/nowhere`);
    await page.getByRole('heading', { name: english.notFound.title }).waitFor();
    await page.getByRole('link', { name: english.notFound.toOverview }).click();
    await page.getByRole('heading', { level: 1, name: overview.sentence }).waitFor();
  });

  it('never complained: no error in the console, nothing refused by the content policy', () => {
    assert.deepEqual(complaints(), []);
  });
});
