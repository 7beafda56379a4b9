/** Texts that people enter, without a space in them, on every page that shows them: on a phone, and on a desk at 200 % zoom. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { english as people } from '#modules/people/web/english.ts';
import { until } from '#testkit/until.ts';
import { english } from '../../web/src/language/english.ts';
import { cheapestFlight, customerPassword, openCustomer } from '../engines/flights-load.ts';
import { logIn } from './customer.ts';
import { browser, closesPages, house } from './visited-house.ts';
import { openPage, sidewaysPixels } from './watched-page.ts';

const word = 'Donaudampfschiff'.repeat(7);
const short = word.slice(0, 100);
/** 640 pixels are 1,280 at 200 %. */
const screens = [
  { width: 390, height: 844 },
  { width: 640, height: 450 },
] as const;

/** The texts with the word that reach out of their sheet or of the screen, one line each. */
const reachingOut = `(() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
    node.data.includes('Donaudampfschiff') ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
  const out = [];
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const { left, right } = range.getBoundingClientRect();
    const around = texts.currentNode.parentElement.closest('.sheet, .card, .toast, .dialog, .popover-panel')?.getBoundingClientRect();
    const edge = Math.min(around?.right ?? Infinity, document.documentElement.clientWidth);
    if (right > edge + 1) out.push(texts.currentNode.parentElement.outerHTML.slice(0, 120) + ' ends at ' + Math.round(right) + ', its place at ' + Math.round(edge));
  }
  return out;
})()`;

describe('a word of 100 letters', () => {
  let page: Page;
  let paths: readonly string[] = [];
  let email = '';
  closesPages();

  async function send<Body>(method: string, path: string, cookie: string, body: object): Promise<Body> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': `long-words-${path.length}-${path.slice(-20)}`, cookie };
    const answer = await fetch(`${house().url}/api${path}`, { method, headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${await answer.clone().text()}`);
    return (await answer.json()) as Body;
  }

  async function sellLongNames(): Promise<void> {
    const password = /\b(?:[a-z0-9]{4}-){5}[a-z0-9]{4}\b/.exec(house().output())?.[0] ?? '';
    const login = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'admin@localhost', password }),
    };
    const cookie = (await fetch(`${house().url}/api/people/login`, login)).headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const variants = [{ id: 'LONG-WORD-1', name: word.slice(0, 80), price: 3, active: true }];
    const product = { category: 'ship', name: short, description: word.repeat(2), keywords: '', active: true, variants };
    await send('PUT', '/shop/admin/products/long-word', cookie, product);
    await send('POST', '/shop/admin/stock/LONG-WORD-1/receipts', cookie, { pieces: 20, reason: short });
  }

  before(async () => {
    await sellLongNames();
    const { cookie, id } = await openCustomer(house().url, 'long-word', word.slice(0, 80));
    email = 'long-word@example.org';
    await send('POST', '/coins/faucet', cookie, {});
    const fill = () => send('PUT', '/shop/cart/lines/LONG-WORD-1', cookie, { quantity: 1 });
    await fill();
    const shipTo = { name: short, street: short, postcode: 'W'.repeat(16), city: short, country: 'DE' };
    const order = await send<{ id: string }>('POST', '/shop/checkout', cookie, { payment: 'coins', expectedTotal: 3, shipTo });
    await fill();
    await send('POST', '/people/me/access-tokens', cookie, { name: word.slice(0, 80), scopes: ['read'], days: 30 });
    const friend = await openCustomer(house().url, 'long-friend');
    await send('POST', '/coins/transfers', cookie, { to: friend.id, amount: 1, memo: short });
    const errand = await send<{ id: string }>('POST', '/errands/orders', cookie, {
      title: short,
      address: `${house().url}/demo-site/${word}`,
      schedule: { repeat: { kind: 'once' }, repetitions: 1 },
    });
    const quote = await send<{ id: string; total: number }>('POST', '/flights/quotes', cookie, {
      flights: [await cheapestFlight(house().url)],
      cabin: 'economy',
      passengers: 1,
    });
    const passengers = [{ givenName: word.slice(0, 60), familyName: word.slice(0, 60), seats: [null] }];
    const booking = await send<{ id: string }>('POST', '/flights/bookings', cookie, {
      quoteId: quote.id,
      expectedTotal: quote.total,
      passengers,
    });
    assert.ok(id !== friend.id);
    paths = [
      `/shop?text=${short}`,
      '/shop/products/long-word',
      '/shop/cart',
      '/shop/checkout',
      `/shop/orders/${order.id}`,
      '/wallet',
      '/account',
      '/errands/orders',
      `/errands/orders/${errand.id}`,
      `/flights/bookings/${booking.id}`,
      `/stocks?text=${short}`,
    ];
    ({ page } = await openPage(browser()));
  });

  async function measure(what: string): Promise<void> {
    for (const screen of screens) {
      await page.setViewportSize(screen);
      assert.equal(await sidewaysPixels(page), 0, `${what} at ${screen.width} pixels`);
      assert.deepEqual(await page.evaluate(reachingOut), [], `${what} at ${screen.width} pixels`);
    }
  }

  it('breaks in messages', async () => {
    await page.goto(`${house().url}/login?next=/account`);
    await logIn(page, { email, password: customerPassword });
    await page.getByText(people.login.welcome(word.slice(0, 80))).waitFor();
    await measure('the greeting');
    await page.locator('.band').getByRole('button', { name: english.session.account }).click();
    await measure('the panel of the account');
  });

  it('breaks on every page that shows it', async () => {
    for (const path of paths) {
      await page.goto(`${house().url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await until(async () => (await page.locator('[aria-busy="true"]').count()) === 0, { describe: `all of ${path}` });
      await measure(path.slice(0, 60));
    }
  });
});
