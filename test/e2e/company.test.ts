/** A company's page in a real browser: candles, figures, and batches as they close. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { english as stocks } from '#modules/stocks/web/english.ts';
import { until } from '#testkit/until.ts';
import { accessibilityProblems } from './accessibility.ts';
import { visitedHouse } from './visited-house.ts';
import { sidewaysPixels } from './watched-page.ts';

describe("a company's page", () => {
  const house = visitedHouse();

  it('draws candles for every span of time', async () => {
    const page = await house.visit('/stocks/MSFT');
    await page.getByRole('heading', { level: 1, name: 'Microsoft' }).waitFor();
    for (const span of Object.values(stocks.company.spans)) {
      await page.getByText(span, { exact: true }).click();
      // A chart without candles has one colour, or two with its grid.
      await until(async () => (await page.evaluate<number>(coloursDrawn)) > 3, { describe: `candles over ${span}` });
    }
  });

  it('lists batches as they close: a thousand trades each, newest first', async () => {
    const page = await house.visit('/stocks/MSFT');
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
    const page = await house.visit('/stocks/MSFT', { viewport: { width: 390, height: 844 } });
    await page.locator('.batch-table tbody tr').first().waitFor();
    assert.equal(await sidewaysPixels(page), 0);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has nothing that assistive technology stumbles over (${colorScheme})`, async () => {
      const page = await house.visit('/stocks/SAP', { colorScheme });
      await page.locator('.batch-table tbody tr').first().waitFor();
      assert.deepEqual(await accessibilityProblems(page), []);
    });
  }

  it('never complained: no error in the console, nothing refused by the content policy', () => {
    assert.deepEqual(house.complaints(), []);
  });

  it('says so when nobody has traded the company', async () => {
    const page = await house.visit('/stocks/NOBODY');
    await page.getByRole('heading', { name: stocks.company.unknown('NOBODY') }).waitFor();
  });
});

/** Evaluated in the page: how many colours the chart's canvases show together. */
const coloursDrawn = `(() => {
  const colours = new Set();
  for (const canvas of document.querySelectorAll('.chart-sheet canvas')) {
    if (canvas.width === 0 || canvas.height === 0) continue;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const pixels = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    for (let at = 0; at < pixels.length; at += 7) colours.add(pixels[at]);
  }
  return colours.size;
})()`;
