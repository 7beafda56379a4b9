/** The overview in a real browser: what moves, the books, the house, and a plug that is pulled. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { names as errands } from '#modules/errands/web/names.ts';
import { names as flights } from '#modules/flights/web/names.ts';
import { english as overview } from '#modules/overview/web/english.ts';
import { german } from '#modules/overview/web/german.ts';
import { names as shop } from '#modules/shop/web/names.ts';
import { names as stocks } from '#modules/stocks/web/names.ts';
import { until } from '#testkit/until.ts';
import { accessibilityProblems } from './accessibility.ts';
import { house, visits } from './visited-house.ts';
import { sidewaysPixels } from './watched-page.ts';

/** A role is started again after a pause; then the house audits all of its books. */
const recoveryMs = 120_000;
const pulledRole = 'relay';

describe('the overview', () => {
  const { visit, complaints } = visits();

  async function openOverview(options?: BrowserContextOptions): Promise<Page> {
    const page = await visit('/', options);
    await page.locator('.law-holds').first().waitFor();
    await page.locator('.roles li').first().waitFor();
    return page;
  }

  let page: Page;
  before(async () => {
    page = await openOverview();
  });

  it('says what this is, shows the four markets, and leads to each', async () => {
    await page.getByRole('heading', { level: 1, name: overview.sentence }).waitFor();
    await page.getByText(overview.simulated).waitFor();
    for (const [path, { market }] of Object.entries({ stocks, shop, flights, errands })) {
      const link = page.locator('.tile').getByRole('link', { name: market.en, exact: true });
      assert.equal(await link.getAttribute('href'), `/${path}`);
    }
  });

  it('tells what the house does now, in words beside the picture', async () => {
    const trades = page.locator('.loop li').filter({ hasText: overview.loop.units.trades });
    await until(async () => /[1-9]/.test((await trades.textContent()) ?? ''), { describe: 'trades that come in' });
  });

  it('pulls the plug of a role, counts the seconds, and shows that nothing was lost', async () => {
    await page.getByRole('button', { name: overview.pull.plugOf(pulledRole) }).click();
    const dialog = page.getByRole('dialog', { name: overview.pull.question(pulledRole) });
    await dialog.getByText(overview.pull.will['stop-role']).waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await dialog.getByRole('button', { name: overview.pull.confirm }).click();
    const pull = page.getByRole('region', { name: overview.pull.pulled(pulledRole) });
    await pull.locator('.pull-step-under-way').first().waitFor();
    await pull.locator('.pull-good').getByText(overview.pull.verdictGood).waitFor({ timeout: recoveryMs });
    assert.equal(await pull.locator('.pull-step-done, .pull-step-unneeded').count(), 5);
    await page.getByRole('region', { name: overview.pull.history }).getByText(overview.pull.verdictGood).first().waitFor();
    await page.getByText(overview.house.eventTexts.pulled(pulledRole)).first().waitFor();
  });

  it('fits every screen from phone to wall without scrolling sideways', async () => {
    for (const width of [320, 390, 768, 1024, 1600, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      assert.equal(await sidewaysPixels(page), 0, `at ${width} pixels`);
    }
  });

  it('shows every law with its verdict, and one verdict for the whole house on every page', async () => {
    await page.getByRole('region', { name: overview.books.title }).getByText(overview.books.holds).waitFor();
    // A house that answers late is shown as lost for a moment.
    const doNotHold = page.locator('.law:not(.law-holds)');
    await until(async () => (await page.locator('.law').count()) > 0 && (await doNotHold.count()) === 0, { describe: 'every law to hold' });
    await page.goto(`${house().url}/shop`);
    await page.getByRole('complementary', { name: overview.books.proof }).getByText(overview.books.holds).waitFor();
  });

  for (const [colorScheme, locale] of [
    ['light', 'en-GB'],
    ['dark', 'de-DE'],
  ] as const) {
    it(`has nothing that assistive technology stumbles over (${colorScheme}, ${locale})`, async () => {
      const page = await openOverview({ colorScheme, locale });
      if (locale === 'de-DE') {
        await page.getByRole('heading', { level: 1, name: german.sentence }).waitFor();
        const english = page.locator('.roles [lang=en], .laws [lang=en]');
        await until(async () => (await english.count()) === 0, { describe: 'all that roles and laws say in German' });
      }
      assert.deepEqual(await accessibilityProblems(page), []);
    });
  }

  it('never complained: no error in the console, nothing refused by the content policy', () => {
    assert.deepEqual(complaints(), []);
  });
});
