/** The house's own pages in a real browser: goods in, an order moved on and given back, a code, coins, a lock. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { openAccount } from '#drill/load/sign-up.ts';
import { english as people } from '#modules/people/web/english.ts';
import { german } from '#modules/people/web/german.ts';
import { adminNames as peopleNames } from '#modules/people/web/names.ts';
import { shopRefusals } from '#modules/shop/refusals.ts';
import { english as admin } from '#modules/shop/web/admin/english.ts';
import { english as shop } from '#modules/shop/web/english.ts';
import { adminNames, names } from '#modules/shop/web/names.ts';
import { until } from '#testkit/until.ts';
import { english } from '../../web/src/language/english.ts';
import { formatsFor } from '../../web/src/language/formats.ts';
import { accessibilityProblems } from './accessibility.ts';
import { goodPassword, logInAsAdmin, signUp } from './customer.ts';
import { browser, closesPages, house } from './visited-house.ts';
import { openPage, sidewaysPixels } from './watched-page.ts';

const customerEmail = 'joan@example.org';

describe('the pages for admins', () => {
  let page: Page;
  let customer: Page;
  closesPages();

  before(async () => {
    ({ page } = await openPage(browser()));
    ({ page: customer } = await openPage(browser()));
    await customer.goto(`${house().url}/sign-up?next=/admin`);
    await signUp(customer, { name: 'Joan Clarke', email: customerEmail });
  });

  const region = (name: string) => page.getByRole('region', { name, exact: true });
  /** Coins move only after this. */
  async function confirm(name: string, says: string) {
    const dialog = page.getByRole('dialog', { name, exact: true });
    await dialog.getByText(says).waitFor();
    await dialog.getByRole('button', { name, exact: true }).click();
  }

  it('are closed to members, and not even named to them', async () => {
    await customer.getByRole('heading', { name: english.session.adminsOnly }).waitFor();
    assert.equal(await customer.getByRole('link', { name: english.house.admin }).count(), 0);
  });

  it('open to the admin whose password the house printed', async () => {
    const password = /\b(?:[a-z0-9]{4}-){5}[a-z0-9]{4}\b/.exec(house().output())?.[0] ?? '';
    await page.goto(`${house().url}/login?next=/admin/products`);
    await logInAsAdmin(page, password);
    await page.getByText(people.login.welcome('Admin')).waitFor();
    await page.getByRole('heading', { name: adminNames.products.en }).waitFor();
  });

  it('take a new product and its first pieces, which the shop sells at once', async () => {
    await page.getByRole('link', { name: admin.products.add }).click();
    await page.getByLabel(admin.product.name, { exact: true }).first().fill('Sea Salt Fudge');
    assert.equal(await page.getByLabel(admin.product.id).inputValue(), 'sea-salt-fudge', 'made of the name');
    await page.getByLabel(admin.product.germanName).first().fill('Meersalzkaramell');
    await page.getByLabel(admin.product.department).selectOption('pantry');
    await page.getByLabel(admin.product.name, { exact: true }).nth(1).fill('One bar');
    assert.equal(await page.getByLabel(admin.product.variantId).inputValue(), 'SEA-SALT-FUDGE-ONE-BAR', 'made of both names');
    await page.getByLabel(admin.product.variantId).fill('FUDGE-1');
    await page.getByLabel(admin.product.price).fill('7');
    await page.getByRole('button', { name: english.house.save }).click();
    const stock = region(admin.product.stockOf('FUDGE-1'));
    await stock.getByLabel(admin.product.pieces).fill('12');
    await stock.getByLabel(admin.product.reason).fill('first delivery');
    await stock.getByRole('button', { name: admin.product.book }).click();
    await region(admin.product.receipts).getByText('first delivery').waitFor();

    await customer.goto(`${house().url}/shop/products/sea-salt-fudge`);
    await customer.getByRole('heading', { level: 1, name: 'Sea Salt Fudge' }).waitFor();
    await customer.getByRole('button', { name: shop.product.moreOf }).click();
    await customer.getByRole('button', { name: shop.product.buyNow }).click();
  });

  it('put a picture to a product, which customers see', async () => {
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const sheet = region(admin.picture.title);
    await sheet.getByLabel(admin.picture.file).setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') });
    await sheet.getByRole('button', { name: admin.picture.put }).click();
    await sheet.locator('img[src^="/api/shop/pictures/png/"]').waitFor();
    const { page: visitor } = await openPage(browser());
    await visitor.goto(`${house().url}/shop/products/sea-salt-fudge`);
    await visitor.locator('.product-picture[src^="/api/shop/pictures/png/"]').waitFor();
  });

  it('name the field at fault when a product is not right', async () => {
    await page.goto(`${house().url}/admin/products/sea-salt-fudge`);
    await page.getByRole('button', { name: admin.product.addVariant }).click();
    await page.getByLabel(admin.product.variantId).nth(1).fill('FUDGE-1');
    await page.getByLabel(admin.product.name, { exact: true }).last().fill('Two bars');
    await page.getByLabel(admin.product.price).nth(1).fill('13');
    await page.getByRole('button', { name: english.house.save }).click();
    await page
      .getByRole('alert')
      .getByText(shopRefusals['variant-twice'].en({}, formatsFor('en')))
      .waitFor();
  });

  it('give coins from the mint, with which the customer pays', async () => {
    await page.goto(`${house().url}/admin/accounts`);
    await page.getByRole('searchbox', { name: people.accounts.search }).fill('joan');
    await until(async () => (await page.locator('.ledger tbody tr').count()) === 1, { describe: 'one account left' });
    await page.getByRole('button', { name: `${people.accounts.manage} ${customerEmail}` }).click();
    await page.getByLabel(people.accounts.amount).fill('100');
    await page.getByLabel(people.accounts.reason).fill('welcome');
    await page.getByRole('button', { name: people.accounts.grant }).click();
    await confirm(people.accounts.grant, people.accounts.grantAsked('100', 'Joan Clarke', customerEmail));
    await page.getByText(people.accounts.granted('100')).waitFor();

    await customer.reload();
    await customer.getByLabel(shop.checkout.street).fill('Deichstraße 1');
    await customer.getByLabel(shop.checkout.postcode).fill('20459');
    await customer.getByLabel(shop.checkout.city).fill('Hamburg');
    await customer.getByRole('button', { name: shop.checkout.pay('14') }).click();
    await customer.waitForURL('**/shop/orders/KO-*');
  });

  it('move an order on and give a piece of it back; the customer sees both', async () => {
    await page.goto(`${house().url}/admin/orders?state=paid`);
    await page.locator('.ledger tbody a').first().click();
    for (const move of ['packed', 'shipped'] as const) {
      await page.getByRole('button', { name: admin.orders.moves[move] }).click();
      await until(async () => (await page.locator('.voyage-reached').last().textContent()) === shop.orders.states[move], {
        describe: move,
      });
    }
    const refund = region(admin.orders.refund);
    await refund.getByText(admin.orders.whats.lines).click();
    await refund.getByLabel(admin.orders.linePieces('Sea Salt Fudge, One bar')).fill('1');
    await refund.getByLabel(admin.orders.reason).fill('melted');
    await refund.getByRole('button', { name: admin.orders.giveBack }).click();
    await confirm(admin.orders.giveBack, '1 × Sea Salt Fudge, One bar');
    await page.getByText(admin.orders.gaveBack('7')).waitFor();

    await customer.reload();
    await customer.getByText('melted').waitFor();
    assert.equal(await customer.getByText('melted').count(), 1, 'a refund is told once');
    await until(async () => (await customer.locator('.band-button .coins').textContent())?.startsWith('93'), { describe: '7 coins back' });
  });

  it('open on an overview, whose search finds products, orders and accounts', async () => {
    await page.goto(`${house().url}/admin`);
    const sales = region(`${names.market.en}: ${admin.overview.sales}`);
    await sales.getByText(english.adminOverview.hours(24)).waitFor();
    await region(admin.overview.low).getByText(admin.products.lowStock).first().waitFor();
    await region(adminNames.refunds.en)
      .getByRole('row', { name: english.adminOverview.hours(24) })
      .waitFor();
    await region(people.events.title).getByText('Joan Clarke').first().waitFor();

    await page.getByRole('searchbox', { name: english.adminOverview.search }).fill('clarke');
    await region(adminNames.orders.en).getByRole('link', { name: 'Joan Clarke' }).waitFor();
    await region(peopleNames.accounts.en).getByText(customerEmail).first().waitFor();
    await region(adminNames.products.en).getByText(english.adminOverview.nothingFound).waitFor();
    assert.match(page.url(), /\?search=clarke$/, 'the address says what is looked for');
    await page.goto(`${house().url}/admin?search=FUDGE-1`);
    await region(adminNames.products.en).getByRole('link', { name: 'Sea Salt Fudge' }).click();
    await page.waitForURL('**/admin/products/sea-salt-fudge');
  });

  it('do nothing when the question is answered with no', async () => {
    await page.goto(`${house().url}/admin/orders?search=joan`);
    await page.locator('.ledger tbody a').first().click();
    const refund = region(admin.orders.refund);
    await refund.getByLabel(admin.orders.reason).fill('a slip');
    await refund.getByRole('button', { name: admin.orders.giveBack }).click();
    const dialog = page.getByRole('dialog', { name: admin.orders.refund, exact: true });
    await dialog.getByText(admin.orders.refundAsked('7', 'Joan Clarke')).waitFor();
    await dialog.getByRole('button', { name: english.house.cancel }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.goto(`${house().url}/admin/refunds`);
    await page.getByText('melted').waitFor();
    assert.equal(await page.getByText('a slip').count(), 0);
  });

  it('list what runs low, and what went back', async () => {
    await page.goto(`${house().url}/admin/stock`);
    const rows = page.locator('.ledger tbody tr');
    await rows.filter({ hasText: admin.products.lowStock }).first().waitFor();
    await page.getByLabel(admin.stock.level).selectOption(admin.stock.out);
    const soldOut = rows.filter({ hasText: admin.products.noneLeft });
    await until(async () => (await soldOut.count()) > 0 && (await soldOut.count()) === (await rows.count()), { describe: 'the sold out' });
    await page.goto(`${house().url}/admin/refunds`);
    await rows.filter({ hasText: 'melted' }).getByText(admin.refunds.settled).waitFor();
    await page.getByLabel(admin.orders.state).selectOption(admin.refunds.owed);
    await page.getByRole('heading', { name: admin.refunds.empty }).waitFor();
    await page.getByLabel(admin.orders.state).selectOption(admin.orders.all);
    await rows.getByRole('link').first().click();
    await page.waitForURL('**/admin/orders/KO-*');
  });

  it('name a closed account in the language of the reader, and change nothing of it', async () => {
    const { url } = house();
    const { cookie } = await openAccount(url, { email: 'ida@example.org', name: 'Ida Rhodes', password: goodPassword });
    const body = JSON.stringify({ password: goodPassword });
    const headers = { cookie, 'content-type': 'application/json' };
    assert.equal((await fetch(`${url}/api/people/me/close`, { method: 'POST', headers, body })).status, 204);
    const { page: inGerman } = await openPage(browser(), { locale: 'de-DE', storageState: await page.context().storageState() });
    await inGerman.goto(`${url}/admin/accounts?search=closed`);
    await inGerman.getByRole('row', { name: german.accounts.closed }).getByRole('button').click();
    const dialog = inGerman.getByRole('dialog', { name: german.accounts.closed, exact: true });
    await dialog.getByRole('link', { name: german.accounts.orders }).waitFor();
    for (const change of [german.accounts.unlock, german.accounts.makeAdmin, german.accounts.grant])
      assert.equal(await dialog.getByRole('button', { name: change }).count(), 0, change);
  });

  it('make a promo code that counts', async () => {
    await page.goto(`${house().url}/admin/promos`);
    await page.getByLabel(admin.promos.code, { exact: true }).fill('hafen 25');
    await page.getByLabel(admin.promos.value).fill('25');
    await page.getByRole('button', { name: english.house.save }).click();
    await page.getByText(admin.promos.saved('HAFEN25')).waitFor();
    await customer.goto(`${house().url}/shop/products/sea-salt-fudge`);
    await customer.getByRole('button', { name: shop.product.toCart }).click();
    await customer.getByText(shop.product.inCart('1')).waitFor();
    await customer.goto(`${house().url}/shop/cart`);
    await customer.getByLabel(shop.cart.promo).fill('Hafen25');
    await customer.getByRole('button', { name: shop.cart.usePromo, exact: true }).click();
    await customer.getByText(shop.cart.promoCounts).waitFor();
  });

  it('check a file of products before they take it', async () => {
    await page.goto(`${house().url}/admin/products`);
    const file = (csv: string) => ({ name: 'products.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: admin.products.export }).click();
    const chunks: Buffer[] = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
    const csv = Buffer.concat(chunks).toString();
    await page.getByLabel(admin.products.file).setInputFiles(file(csv));
    await page.getByRole('button', { name: admin.products.import }).click();
    await page.getByText(/^The file is valid: 201 products/).waitFor();
    await page.getByLabel(admin.products.file).setInputFiles(file(`${csv}nonsense\r\n`));
    await page.getByRole('button', { name: admin.products.import }).click();
    await region(admin.products.import)
      .getByRole('alert')
      .getByText(/line \d+/i)
      .waitFor();
  });

  it('lock an account, whose sessions end at once', async () => {
    await page.goto(`${house().url}/admin/accounts`);
    await page.getByRole('button', { name: `${people.accounts.manage} ${customerEmail}` }).click();
    await page.getByRole('button', { name: people.accounts.lock, exact: true }).click();
    await page.getByRole('button', { name: people.accounts.unlock }).waitFor();
    await customer.goto(`${house().url}/wallet`);
    await customer.getByRole('heading', { name: english.session.needed }).waitFor();
    await page.goto(`${house().url}/admin/events`);
    await page.getByText(people.events.kinds['account-locked']).waitFor();
  });

  it('have nothing that assistive technology stumbles over, and fit a phone', async () => {
    for (const path of [
      '',
      '?search=joan',
      'products',
      'products/sea-salt-fudge',
      'products/new',
      'stock',
      'orders',
      'refunds',
      'promos',
      'accounts',
      'events',
    ]) {
      await page.goto(`${house().url}/admin${path === '' || path.startsWith('?') ? '' : '/'}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await until(async () => (await page.locator('[aria-busy="true"]').count()) === 0, { describe: `all of ${path}` });
      assert.deepEqual(await accessibilityProblems(page), [], path);
      for (const width of [320, 390, 1024]) {
        await page.setViewportSize({ width, height: 900 });
        assert.equal(await sidewaysPixels(page), 0, `${path} at ${width} pixels`);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    }
  });
});
