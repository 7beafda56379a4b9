/** Errands in a real browser: a guest's order, a wrong one, an example with its results on the page and on disk, and mining. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { english as wallet } from '#modules/coins/web/english.ts';
import { english as errands } from '#modules/errands/web/english.ts';
import { german } from '#modules/errands/web/german.ts';
import { bookNames as errandsBooks, names } from '#modules/errands/web/names.ts';
import { until } from '#testkit/until.ts';
import { english } from '../../web/src/language/english.ts';
import { accessibilityProblems, shownAnew } from './accessibility.ts';
import { coloursDrawn } from './colours-drawn.ts';
import { readNews, signUp } from './customer.ts';
import { browser, closesPages, house } from './visited-house.ts';
import { openPage, sidewaysPixels, type WatchedPage } from './watched-page.ts';

const roundMs = 60_000;
const root = new URL('../..', import.meta.url).pathname;

describe('errands', () => {
  let customer: WatchedPage;
  let miner: WatchedPage;
  let orderPath = '';
  let folder = '';
  const opened: WatchedPage[] = [];
  const children: ChildProcess[] = [];
  closesPages();

  async function open(options: Parameters<typeof openPage>[1] = {}): Promise<WatchedPage> {
    const watched = await openPage(browser(), options);
    opened.push(watched);
    return watched;
  }

  before(async () => {
    [customer, miner] = await Promise.all([open(), open()]);
    folder = await mkdtemp(join(tmpdir(), 'kontor-results-'));
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  const own = (path: string) => `${house().url}${path}`;
  const settled = (page: Page) =>
    until(async () => (await page.locator('[aria-busy="true"]').count()) === 0, { describe: 'everything loaded' });

  function kontor(args: readonly string[], token: string): ChildProcess {
    const child = spawn(process.execPath, ['bin/kontor.js', ...args], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: process.env.PATH, KONTOR_URL: house().url, KONTOR_TOKEN: token },
    });
    children.push(child);
    return child;
  }

  /** Made on the page, and read from the commands that it shows. */
  async function makeToken(page: Page): Promise<string> {
    await page.getByRole('button', { name: errands.token.make }).click();
    const shown = await page.locator('.dialog pre').textContent();
    await page.locator('.dialog').getByRole('button', { name: english.house.close }).click();
    return /kontor_pat_\w+/.exec(shown ?? '')?.[0] ?? '';
  }

  it('are written down by a guest, who finds them again after opening an account', async () => {
    const { page } = customer;
    await page.goto(own('/errands'));
    await page.getByRole('heading', { name: errands.market.now }).waitFor();
    await page.getByRole('link', { name: errands.form.title, exact: true }).click();
    await page.getByLabel(errands.form.address).fill(own('/demo-site/news'));
    await page.getByText(errands.form.rhythms.own, { exact: true }).click();
    await page.getByRole('link', { name: english.session.signUp }).click();
    await signUp(page, { name: 'Katherine Johnson', email: 'katherine@example.org' });
    await until(async () => (await page.getByLabel(errands.form.address).inputValue()) === own('/demo-site/news'), {
      describe: 'what was entered before',
    });
    assert.ok(await page.getByRole('radio', { name: errands.form.rhythms.own }).isChecked());
  });

  it('are tried before they are paid: page, extraction, next times', async () => {
    const { page } = customer;
    await page.getByText(errands.form.onePart, { exact: true }).click();
    await page.getByLabel(errands.form.expression, { exact: true }).fill('#news li');
    await page.getByRole('button', { name: errands.preview.run }).click();
    await page.locator('.errands-found', { hasText: /is in from/ }).waitFor();
    assert.match((await page.locator('.errands-text').textContent()) ?? '', /News from the quay/);
    assert.equal(await page.locator('.errands-times li').count(), 10);
  });

  it('say what is wrong, at the field that is wrong', async () => {
    const { page } = customer;
    await page.getByRole('button', { name: wallet.faucet }).click();
    await page.getByLabel(errands.form.ownKind, { exact: true }).selectOption('cron');
    const cron = page.getByRole('textbox', { name: errands.form.ownKinds.cron });
    await cron.fill('0 25 * * *');
    const order = page.getByRole('button', { name: errands.form.submit('24') });
    await order.click();
    await until(async () => (await cron.getAttribute('aria-invalid')) === 'true', { describe: 'the field that is wrong' });
    await page
      .getByText(/out of range/)
      .first()
      .waitFor();
    await cron.fill('0 9 * * 1-5');
    await page.getByLabel(errands.form.address).fill('http://192.168.1.1:22/');
    await order.click();
    await until(async () => (await page.getByLabel(errands.form.address).getAttribute('aria-invalid')) === 'true', {
      describe: 'the address that is wrong',
    });
  });

  it('are ordered with one click, and their results come by themselves', async () => {
    const { page } = customer;
    await page.goto(own('/errands'));
    await page.getByRole('button', { name: errands.examples.order(errands.examples.each.prices.title) }).click();
    await page.waitForURL('**/errands/orders/KE-*');
    orderPath = new URL(page.url()).pathname;
    const rows = page.locator('.errands-order-main .ledger tbody tr');
    await until(async () => (await rows.count()) >= 1, { timeoutMs: roundMs, describe: 'the first result' });
    assert.match((await page.locator('.errands-last b').textContent()) ?? '', /^\d+\.\d\d$/);
    await page.locator('.steps-chart').waitFor();
  });

  it('show what changed', async () => {
    const { page } = customer;
    await page.getByRole('button', { name: errands.actions.runNow }).click();
    await readNews(page, errands.actions.running);
    await page.locator('.errands-diff ins').first().waitFor({ timeout: roundMs });
    await page.locator('.errands-diff del').first().waitFor();
    await page.getByText(errands.result.views.details, { exact: true }).click();
    await page.locator('.errands-details', { hasText: errands.result.house }).waitFor();
    await page.getByText(errands.result.views.text, { exact: true }).click();
    await page
      .getByRole('region', { name: errands.result.views.text, exact: true })
      .getByText(/Prices on the quay/)
      .waitFor();
  });

  it('publish their numbers as an instrument, which has candles', async () => {
    const { page } = customer;
    await page.goto(own(`${orderPath}/edit`));
    await page.getByText(errands.form.advanced).click();
    const field = page.getByLabel(errands.form.instrument, { exact: true });
    await field.fill('errands.tea');
    await page.getByRole('button', { name: english.house.save, exact: true }).click();
    await page.waitForURL(`**${orderPath}`);
    await page.getByRole('button', { name: errands.actions.runNow }).click();
    await page.getByRole('link', { name: errands.numbers.tape('ERRANDS.TEA') }).click();
    await page.getByRole('heading', { level: 1, name: 'Kontor Errands, TEA' }).waitFor({ timeout: roundMs });
    await until(async () => (await page.evaluate<number>(coloursDrawn)) > 3, { timeoutMs: roundMs, describe: 'candles of the order' });
    // The name is taken now.
    const order = { address: own('/demo-site/prices'), instrument: 'ERRANDS.TEA', schedule: { repeat: { kind: 'once' } } };
    const taken = await page.request.post(own('/api/errands/orders'), { data: order, headers: { 'idempotency-key': 'a-second-tea' } });
    assert.equal(taken.status(), 409, await taken.text());
    await page.goto(own(orderPath));
  });

  it('are on the statement, and give coins back when they are cancelled', async () => {
    const { page } = customer;
    await page.getByRole('button', { name: errands.actions.pause }).click();
    await page.getByText(errands.states.paused, { exact: true }).first().waitFor();
    await page.getByRole('button', { name: errands.actions.cancel }).click();
    await page.getByRole('button', { name: errands.actions.confirmCancel }).click();
    await page.getByText(errands.states.cancelled, { exact: true }).first().waitFor();
    await page.goto(own('/wallet'));
    const id = orderPath.split('/').at(-1) ?? '';
    const links = page.locator('.statement').getByRole('link', { name: id });
    await until(async () => (await links.count()) >= 2, { describe: 'what was paid, and what came back' });
    await page
      .getByText(errandsBooks.memos?.['Errand …, not used']?.en ?? '')
      .first()
      .waitFor();
    await links.first().click();
    await page.waitForURL(`**${orderPath}`);
  });

  it('are saved on disk by a client with a token from the page', async () => {
    const { page } = customer;
    await page.goto(own('/errands/receive'));
    const token = await makeToken(page);
    const [code] = await once(kontor(['errands', 'fetch', '--to', folder, '--once'], token), 'exit');
    assert.equal(code, 0);
    const index = (await readFile(join(folder, 'index.jsonl'), 'utf8')).trim().split('\n');
    const { results } = (await (await page.request.get(own(`/api${orderPath}/results?limit=100`))).json()) as {
      readonly results: readonly { readonly outcome: string }[];
    };
    const id = orderPath.split('/').at(-1) ?? '';
    const files = await readdir(join(folder, id));
    assert.equal(files.length, results.filter(({ outcome }) => outcome === 'delivered').length);
    assert.ok(index.length >= files.length);
  });

  it('pay a miner, who sees it on his page', async () => {
    const { page } = miner;
    await page.goto(own('/sign-up?next=/errands/mine'));
    await signUp(page, { name: 'Ada Lovelace', email: 'ada.miner@example.org' });
    await page.getByRole('heading', { name: errands.mine.how }).waitFor();
    const token = await makeToken(page);
    const machine = kontor(['mine', '--machine', 'loom', '--concurrency', '4', '--allow', new URL(house().url).host], token);
    // Two copies: one of them is not the house's.
    const order = {
      address: own('/demo-site'),
      copies: 2,
      schedule: { repeat: { kind: 'interval', seconds: 10 }, repetitions: 3 },
    };
    const headers = { 'idempotency-key': 'two-miners-for-one-page' };
    const placed = await customer.page.request.post(own('/api/errands/orders'), { data: order, headers });
    assert.equal(placed.status(), 201);
    await page.locator('.ledger', { hasText: 'loom' }).waitFor({ timeout: roundMs });
    const earned = page.locator('.errands-earned');
    await until(async () => /[1-9]/.test((await earned.textContent()) ?? ''), { timeoutMs: roundMs, describe: 'the first coin' });
    const ended = once(machine, 'exit');
    machine.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });

  it('speak German', async () => {
    const { page } = await open({ locale: 'de-DE' });
    await page.goto(own('/errands'));
    await page.getByRole('heading', { level: 1, name: german.market.title }).waitFor();
    await page.getByRole('heading', { name: german.market.now }).waitFor();
    await page.goto(own('/errands/new'));
    await page.getByText(german.form.rhythms.workdays, { exact: true }).waitFor();
  });

  it('have nothing that assistive technology stumbles over, and fit every width', async () => {
    // Without an order, the test that makes it has failed.
    const pages = ['/errands', '/errands/new', '/errands/orders', orderPath, '/errands/receive'].filter((path) => path !== '');
    const visits = [...pages.map((path) => [customer.page, path] as const), [miner.page, '/errands/mine'] as const];
    const darkToo = new Set(['/errands/new', orderPath]);
    for (const [page, path] of visits) {
      await page.goto(own(path));
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settled(page);
      if (path === '/errands/new') await page.getByText(errands.form.advanced).click();
      assert.deepEqual(await accessibilityProblems(page), [], path);
      if (darkToo.has(path)) {
        await page.emulateMedia({ colorScheme: 'dark' });
        await shownAnew(page);
        assert.deepEqual(await accessibilityProblems(page, ['color-contrast']), [], `${path} in the dark`);
        await page.emulateMedia({ colorScheme: 'light' });
      }
      for (const width of [320, 1024]) {
        await page.setViewportSize({ width, height: 900 });
        assert.equal(await sidewaysPixels(page), 0, `${path} at ${width}`);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    assert.equal(names.market.en, errands.market.title);
  });

  it('never complained: no error in the console, nothing refused by the content policy', () => {
    assert.deepEqual(
      opened.flatMap((watched) => watched.complaints()).filter((complaint) => !/^40[09]: .*\/api\/errands\/orders$/.test(complaint)),
      [],
    );
  });
});
