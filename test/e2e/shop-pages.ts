/** From a stranger to a paid order in a real browser, and what the wallet says of it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { english as wallet } from '#modules/coins/web/english.ts';
import { names as walletNames } from '#modules/coins/web/names.ts';
import { shopRefusals } from '#modules/shop/refusals.ts';
import { english as shop } from '#modules/shop/web/english.ts';
import { german as shopGerman } from '#modules/shop/web/german.ts';
import { english as stocks } from '#modules/stocks/web/english.ts';
import { until } from '#testkit/until.ts';
import { english } from '../../web/src/language/english.ts';
import { formatsFor } from '../../web/src/language/formats.ts';
import { german } from '../../web/src/language/german.ts';
import { accessibilityProblems, shownAnew } from './accessibility.ts';
import { openPanelLink, signUp } from './customer.ts';
import { browser, closesPages, house } from './visited-house.ts';
import { openPage, sidewaysPixels, type WatchedPage } from './watched-page.ts';

/** "Sign-up to paid order in under a minute without a manual", also on a busy machine; this browser need not read. */
const maxOrderMs = 60_000;
const faucetCoins = 500;

const figure = async (page: Page, selector: string) =>
  Number((await page.locator(selector).textContent())?.replaceAll(/[^\d\u2212-]/g, ''));

describe('the shop', () => {
  let customer: WatchedPage;
  let orderPath = '';
  let paid = 0;
  const opened: WatchedPage[] = [];
  closesPages();

  before(async () => {
    customer = await open();
  });

  async function open(options: Parameters<typeof openPage>[1] = {}): Promise<WatchedPage> {
    const watched = await openPage(browser(), options);
    opened.push(watched);
    return watched;
  }

  it('finds goods although their name is misspelt, and narrows them down', async () => {
    const { page } = customer;
    await page.goto(`${house().url}/shop`);
    await page.locator('.card').first().waitFor();
    await page.getByRole('searchbox', { name: shop.catalogue.search }).fill('darjeling');
    await page.locator('.card', { hasText: 'Darjeeling First Flush' }).waitFor();
    await page.locator('.departments label', { hasText: 'Tea' }).click();
    await page.waitForURL(/category=tea/);
    await page.getByRole('searchbox', { name: shop.catalogue.search }).fill('');
    await page.getByLabel(shop.catalogue.sort).selectOption('price');
    const prices = async () =>
      (await page.locator('.card-price .coins').allTextContents()).map((text) => Number(text.replaceAll(/\D/g, '')));
    await until(async () => (await prices()).length > 10 && (await prices()).every((price, index, all) => price >= (all[index - 1] ?? 0)), {
      describe: 'rising prices',
    });
  });

  it('says so when nothing fits, and leads back', async () => {
    const { page } = customer;
    await page.goto(`${house().url}/shop?text=zzzzqqqq`);
    await page.getByRole('heading', { name: shop.catalogue.noMatch }).waitFor();
    await page.locator('.state').getByRole('button', { name: shop.catalogue.clear }).click();
    await page.locator('.card').first().waitFor();
  });

  it('leads a stranger with a cart to a paid order in far less than a minute', async () => {
    const { page } = customer;
    const startedAt = performance.now();
    await page.goto(`${house().url}/shop/products/east-frisian-blend`);
    await page.getByRole('button', { name: shop.product.moreOf }).click();
    await page.getByRole('button', { name: shop.product.toCart }).click();
    await page.getByText(shop.product.inCart('2')).waitFor();
    await page.getByRole('link', { name: new RegExp(shop.cart.title) }).click();
    await page.getByLabel(shop.cart.promo).fill('moin10');
    await page.getByRole('button', { name: shop.cart.usePromo, exact: true }).click();
    await page.getByText(shop.cart.promoCounts).waitFor();
    await page.getByRole('link', { name: shop.cart.toCheckout }).click();

    await page.getByRole('link', { name: english.session.signUp }).click();
    await signUp(page, { name: 'Ada Lovelace', email: 'ada@example.org' });

    // Back at the checkout, with the cart that was filled before there was an account.
    await page.getByRole('heading', { level: 1, name: shop.checkout.title }).waitFor();
    await page.getByRole('button', { name: wallet.faucet }).click();
    await page.getByLabel(shop.checkout.street).fill('Am Sandtorkai 1');
    await page.getByLabel(shop.checkout.postcode).fill('20457');
    await page.getByLabel(shop.checkout.city).fill('Hamburg');
    paid = await figure(page, '.cart-total .coins');
    await page.getByRole('button', { name: shop.checkout.pay(String(paid)) }).click();
    await page.waitForURL('**/shop/orders/KO-*');
    await page.locator('.voyage-reached').waitFor();
    orderPath = new URL(page.url()).pathname;
    assert.ok(performance.now() - startedAt < maxOrderMs, `it took ${Math.round(performance.now() - startedAt)} ms`);
  });

  it('shows the payment in the wallet, with the balance after each entry', async () => {
    const { page } = customer;
    await openPanelLink(page, walletNames.wallet.en);
    const rows = page.locator('.statement tbody tr');
    await until(async () => (await rows.count()) === 2, { describe: 'two entries' });
    const figures = async (row: number) =>
      (await rows.nth(row).locator('.coins').allTextContents()).map((text) =>
        Number(text.replace('\u2212', '-').replaceAll(/[^\d-]/g, '')),
      );
    assert.deepEqual(await figures(0), [-paid, faucetCoins - paid]);
    assert.deepEqual(await figures(1), [faucetCoins, faucetCoins]);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: wallet.csv }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
    assert.equal(lines.length, 3, 'a head and two entries');
    assert.match(lines[1] ?? '', new RegExp(`,purchase,-${paid},${faucetCoins - paid},`));
  });

  it('says when the faucet gives again, and offers it no more', async () => {
    const { page } = customer;
    await page.getByText(wallet.faucetAgain(String(faucetCoins), '').slice(0, 50)).waitFor();
    assert.equal(await page.getByRole('button', { name: wallet.faucet }).count(), 0);
  });

  it('gives back what was paid when the order is cancelled', async () => {
    const { page } = customer;
    await page.goto(`${house().url}${orderPath}`);
    await page.getByRole('button', { name: shop.order.cancel }).click();
    await page.getByText(shop.order.cancelled).waitFor();
    await page.getByText(shop.orders.states.cancelled, { exact: true }).first().waitFor();
    await until(async () => (await page.locator('.band-button .coins').textContent())?.startsWith(String(faucetCoins)), {
      describe: 'all coins back',
    });
  });

  it('finds out by itself what became of an order whose answer was lost, also after a reload', async () => {
    const { page } = await openPage(browser(), { storageState: await customer.page.context().storageState() });
    const orders = async () => (await (await page.request.get(`${house().url}/api/shop/orders`)).json()).orders.length;
    const before = await orders();
    await page.goto(`${house().url}/shop/products/east-frisian-blend`);
    await page.getByRole('button', { name: shop.product.buyNow }).click();
    // The house takes the order; its answer does not arrive, and then nothing does.
    await page.route('**/api/shop/checkout', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.route('**/api/shop/orders?key=*', (route) => route.abort());
    await page.getByRole('button', { name: /^Order and pay/ }).click();
    await page.getByText(english.doubt.unknown).waitFor();
    await page.reload();
    await page.getByText(english.doubt.unknown).waitFor();
    await page.unroute('**/api/shop/orders?key=*');
    await page.waitForURL('**/shop/orders/KO-*');
    await page.getByText(english.doubt.found).waitFor();
    await page.getByRole('link', { name: /Kontor Shop, Tea/ }).waitFor();
    assert.equal(await orders(), before + 1);
  });

  it('refuses another’s order as if there were none', async () => {
    const { page } = await openPage(browser());
    await page.goto(`${house().url}/sign-up?next=${orderPath}`);
    await signUp(page, { name: 'Eve', email: 'eve@example.org' });
    await page.getByRole('heading', { name: shop.order.unknown }).waitFor();
  });

  it('pays with a provider, too: the test one can also fail', async () => {
    const { page } = customer;
    await page.goto(`${house().url}/shop/products/east-frisian-blend`);
    await page.getByRole('button', { name: shop.product.buyNow }).click();
    await page.getByText(shop.checkout.payments.provider).click();
    assert.equal(await page.getByLabel(shop.checkout.city).inputValue(), 'Hamburg', 'the last address is there');
    await page.getByRole('button', { name: /^Order and pay/ }).click();
    await page.getByRole('button', { name: shop.order.payTest }).click();
    await page.locator('.voyage-reached').waitFor();
  });

  it('is used with the keyboard alone', async () => {
    const { page } = await open();
    await page.goto(`${house().url}/shop/products/east-frisian-blend`);
    await page.getByRole('radio', { name: /100 g/ }).focus();
    await page.keyboard.press('ArrowRight');
    assert.ok(await page.getByRole('radio', { name: /250 g/ }).isChecked());
    const focused = () => page.evaluate<string>("document.activeElement?.textContent ?? ''");
    for (let presses = 0; presses < 8 && (await focused()) !== shop.product.toCart; presses += 1) await page.keyboard.press('Tab');
    assert.equal(await focused(), shop.product.toCart);
    await page.keyboard.press('Enter');
    await page.getByText(shop.product.inCart('1')).waitFor();
  });

  it('speaks German', async () => {
    const { page } = await open({ locale: 'de-DE' });
    await page.goto(`${house().url}/shop`);
    await page.getByRole('heading', { level: 1, name: shopGerman.catalogue.title }).waitFor();
    await page.getByText(shopGerman.departments.spices ?? '').waitFor();
    await page.getByRole('searchbox', { name: shopGerman.catalogue.search }).fill('hafennebel');
    await page.getByRole('link', { name: 'Hafennebel-Chai' }).click();
    await page.getByText('Schwarztee mit Kardamom').waitFor();
    await page.getByRole('button', { name: german.house.settings }).click();
    await page.getByText('English', { exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Harbour Fog Chai' }).waitFor();
  });

  it('refuses in German, too', async () => {
    const { page } = await open({ locale: 'de-DE' });
    await page.goto(`${house().url}/shop/products/earl-grey-bergamot`);
    await page.getByRole('button', { name: shopGerman.product.toCart }).click();
    await page.getByText(shopGerman.product.inCart('1')).waitFor();
    await page.goto(`${house().url}/shop/cart`);
    const tryCode = async (code: string, answer: string) => {
      await page.getByLabel(shopGerman.cart.promo).fill(code);
      await page.getByRole('button', { name: shopGerman.cart.usePromo, exact: true }).click();
      await page.getByText(answer).waitFor();
    };
    await tryCode('nirgends', shopRefusals['promo-unknown'].de({}, formatsFor('de')));
    await page.locator('.cart-promo button').click();
    await tryCode('SPEICHER20', shopRefusals['promo-minimum'].de({ code: 'SPEICHER20', coins: 100 }, formatsFor('de')));
  });

  it('says so when the house does not answer, and tries again when asked', async () => {
    const { page } = await openPage(browser());
    await page.route('**/api/shop/products?*', (route) => route.fulfill({ status: 400, body: '{"detail":"Not today"}' }));
    await page.goto(`${house().url}/shop`);
    await page.getByText('Not today').waitFor();
    await page.unroute('**/api/shop/products?*');
    await page.getByRole('button', { name: english.house.tryAgain }).click();
    await page.locator('.card').first().waitFor();
  });

  it('has no link without a name while the names of departments are on their way', async () => {
    const { page } = await openPage(browser());
    const asked = Promise.withResolvers<void>();
    await page.route('**/api/shop/categories', async (route) => {
      await asked.promise;
      await route.continue();
    });
    await page.goto(`${house().url}/shop/products/east-frisian-blend`);
    await page.getByRole('button', { name: shop.product.toCart }).waitFor();
    assert.deepEqual(await accessibilityProblems(page, ['link-name']), []);
    asked.resolve();
    await page.locator('.product').getByRole('link', { name: 'Tea' }).waitFor();
  });

  it('loads none of it for who looks at prices only', async () => {
    const { page } = await open();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await page.goto(`${house().url}/stocks`);
    await page.getByRole('heading', { level: 1, name: stocks.market.title }).waitFor();
    assert.deepEqual(
      loaded.filter((path) => /-area-/.test(path) && !path.includes('/stocks-area-')),
      [],
    );
  });

  const pages = ['/shop', '/shop/products/east-frisian-blend', '/shop/cart', '/shop/orders', '/wallet', '/account', '/mailbox'];
  it('has nothing that assistive technology stumbles over, and fits every width', async () => {
    const { page } = customer;
    for (const path of [...pages, orderPath]) {
      await page.goto(`${house().url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await until(async () => (await page.locator('[aria-busy="true"]').count()) === 0, { describe: `all of ${path}` });
      assert.deepEqual(await accessibilityProblems(page), [], path);
      await page.emulateMedia({ colorScheme: 'dark' });
      await shownAnew(page);
      assert.deepEqual(await accessibilityProblems(page, ['color-contrast']), [], `${path} in the dark`);
      await page.emulateMedia({ colorScheme: 'light' });
      for (const width of [320, 390, 1024, 1600]) {
        await page.setViewportSize({ width, height: 900 });
        assert.equal(await sidewaysPixels(page), 0, `${path} at ${width} pixels`);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    }
  });

  it('never complained: no error in the console, nothing against the content policy', () => {
    assert.deepEqual(
      opened.flatMap((watched) => watched.complaints()),
      [],
    );
  });
});
