/** What is there before the app: the frame in the HTML, the code of an area beside the app, and fonts after it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '#testkit/until.ts';
import { browser, closesPages, house } from './visited-house.ts';
import { openPage } from './watched-page.ts';

describe('the first paint', () => {
  closesPages();

  it('has the frame of the page without any script of the app', async () => {
    const { page } = await openPage(browser());
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.goto(`${house().url}/`);
    await page.locator('.band .wordmark', { hasText: 'Kontor' }).waitFor();
    const band = await page.evaluate<string>("getComputedStyle(document.querySelector('.band')).backgroundColor");
    assert.notEqual(band, 'rgba(0, 0, 0, 0)', 'the stylesheet is there');
    assert.equal(await page.locator('main[aria-busy] .placeholder').count(), 2);
  });

  const htmlOf = async (path: string) => (await fetch(`${house().url}${path}`, { headers: { accept: 'text/html' } })).text();

  it('names the code of an area in its page', async () => {
    const html = await htmlOf('/flights');
    assert.match(html, /<link rel="modulepreload" crossorigin href="\/assets\/flights-area-[\w-]+\.js">/);
    assert.match(html, /<link rel="preload" as="style" crossorigin href="\/assets\/flights-area-[\w-]+\.css">/);
  });

  it('has the first data in the page, and asks only for what did not come at once', async () => {
    const first = ['/api/stocks/companies', '/api/stocks/proof'];
    const hasData = (html: string) => first.every((path) => html.includes(`${JSON.stringify(path)}:`));
    await until(async () => hasData(await htmlOf('/flights')), { describe: 'a page with its data' });
    const { page } = await openPage(browser());
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${house().url}/flights`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const [data = '{}'] = await page.locator('#first-data').allTextContents();
    const inPage = Object.keys(JSON.parse(data));
    for (const path of first) assert.equal(asked.filter((one) => one === path).length, inPage.includes(path) ? 0 : 1, path);
  });

  it('shows the fonts when they are there, and from then on at once', async () => {
    const { page } = await openPage(browser());
    await page.goto(`${house().url}/`);
    await page.locator('html[data-fonts=ready]').waitFor();
    const family = await page.evaluate<string>('getComputedStyle(document.body).fontFamily');
    assert.match(family, /^"?Archivo/);
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.goto(`${house().url}/`, { waitUntil: 'domcontentloaded' });
    assert.equal(await page.locator('html[data-fonts=ready]').count(), 1, 'before the app');
  });
});
