/** A company's page in a real browser: candles, figures, and batches as they close. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { english as stocks } from '#modules/stocks/web/english.ts';
import { until } from '#testkit/until.ts';
import { accessibilityProblems, shownAnew } from './accessibility.ts';
import { coloursDrawn } from './colours-drawn.ts';
import { visits } from './visited-house.ts';
import { sidewaysPixels } from './watched-page.ts';

describe("a company's page", () => {
  const { visit, complaints } = visits();

  it('draws candles for every span of time', async () => {
    const page = await visit('/stocks/MSFT');
    await page.getByRole('heading', { level: 1, name: 'Microsoft' }).waitFor();
    for (const span of Object.values(stocks.company.spans)) {
      await page.getByText(span, { exact: true }).click();
      // A chart without candles has one colour, or two with its grid.
      await until(async () => (await page.evaluate<number>(coloursDrawn)) > 3, { describe: `candles over ${span}` });
    }
  });

  it('draws indicators or another company beside it, as the address says', async () => {
    const page = await visit('/stocks/MSFT?span=1h');
    const reading = page.locator('.chart-legend').getByText(stocks.company.lines.average);
    await page.getByLabel(stocks.company.lines.average).check();
    await reading.waitFor();
    await page.getByLabel(stocks.company.compareWith).selectOption('SAP');
    await reading.waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).search, '?span=1h&lines=average&with=SAP');
    await page.reload();
    await until(async () => (await page.evaluate<number>(coloursDrawn)) > 3, { describe: 'candles and a line' });
    assert.equal(await page.getByLabel(stocks.company.compareWith).inputValue(), 'SAP');
  });

  it('lists batches as they close: a thousand trades each, newest first', async () => {
    const page = await visit('/stocks/MSFT');
    const newest = page.locator('.batch-table tbody tr').first().locator('th');
    await newest.waitFor();
    const first = Number((await newest.textContent())?.replaceAll(/\D/g, ''));
    await until(async () => Number((await newest.textContent())?.replaceAll(/\D/g, '')) > first, { describe: `a batch after ${first}` });
    const numbers = (await page.locator('.batch-table tbody tr th').allTextContents()).map((text) => Number(text.replaceAll(/\D/g, '')));
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => (numbers[0] ?? 0) - index),
      'no batch is left out',
    );
  });

  it('fits a phone without scrolling sideways', async () => {
    const page = await visit('/stocks/MSFT', { viewport: { width: 390, height: 844 } });
    await page.locator('.batch-table tbody tr').first().waitFor();
    assert.equal(await sidewaysPixels(page), 0);
  });

  it('has nothing that assistive technology stumbles over, in light and dark', async () => {
    const page = await visit('/stocks/SAP');
    await page.locator('.batch-table tbody tr').first().waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.emulateMedia({ colorScheme: 'dark' });
    await shownAnew(page);
    assert.deepEqual(await accessibilityProblems(page, ['color-contrast']), []);
  });

  it('never complained: no error in the console, nothing refused by the content policy', () => {
    assert.deepEqual(complaints(), []);
  });

  it('says so when nobody has traded the company', async () => {
    const page = await visit('/stocks/NOBODY');
    await page.getByRole('heading', { name: stocks.company.unknown('NOBODY') }).waitFor();
    const unsold = await visit('/stocks/FLIGHTS.NOWHERE');
    await unsold.getByRole('heading', { level: 1, name: stocks.company.unsold('Kontor Flights, NOWHERE') }).waitFor();
  });
});
