/**
 * A fifth market (fifth-market/wishes) in a copy of this checkout: one folder and three lines elsewhere. The copy keeps every rule,
 * and the market works in it through all of its parts. docs/adding-a-market.md tells how such a market is made.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { readTree } from '../tools/tidy/tree.ts';
import { openBrowser } from './e2e/browser.ts';
import { signUp } from './e2e/customer.ts';
import { startHouse, type TestHouse } from './e2e/house.ts';
import { openPage, type WatchedPage } from './e2e/watched-page.ts';

const root = new URL('..', import.meta.url).pathname;
const market = 'src/modules/wishes';
/** The types and the format of everything are checked in one step: minutes on a busy machine. */
const stepTimeoutMs = 480_000;

/** What is written outside of the market's folder, by the path of the file. */
const linesElsewhere: Readonly<Record<string, (text: string) => string>> = {
  'src/house/modules.ts': (text) =>
    text
      .replace(
        /(\nimport [^\n]+ from '#modules\/[^\n]+)+/,
        (imports) => `${imports}\nimport { wishesModule } from '#${market.slice(4)}/module.ts';`,
      )
      .replace('\n];', '\n  wishesModule,\n];'),
  'web/src/areas.ts': (text) => `${text}export { wishesArea } from '#${market.slice(4)}/web/area.ts';\n`,
};

describe('a fifth market', () => {
  const cleanups: (() => void | Promise<void>)[] = [];
  const folder = temporaryFolder({ after: (work) => void cleanups.push(work) });
  const copy = join(folder, 'kontor');
  // Not inside this checkout, where what is compiled from a new copy each time would pile up.
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_COMPILE_CACHE: join(folder, 'compiled') };

  /** Runs a program of the copy; resolves its exit code and what it printed. */
  async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ code: number; text: string }> {
    const child = spawn(process.execPath, args, {
      cwd: copy,
      env: { ...environment, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: stepTimeoutMs,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk));
    const [code, signal] = await once(child, 'close');
    return { code: code ?? -1, text: signal === null ? text : `${text}ended by ${signal}` };
  }

  async function passes(...args: readonly string[]): Promise<string> {
    const { code, text } = await run(args);
    assert.equal(code, 0, text);
    return text;
  }

  before(() => {
    for (const path of readTree(root).paths) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      copyFileSync(join(root, path), join(copy, path));
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    cpSync(join(root, 'test/fifth-market/wishes'), join(copy, market), { recursive: true });
    for (const [path, edit] of Object.entries(linesElsewhere))
      writeFileSync(join(copy, path), edit(readFileSync(join(copy, path), 'utf8')));
  });

  after(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  it('is one folder and at most three lines elsewhere', (t) => {
    const [was, is] = [readTree(root), readTree(copy)];
    assert.deepEqual(
      was.paths.filter((path) => !is.has(path)),
      [],
    );
    const outside = is.paths.filter((path) => !path.startsWith(`${market}/`));
    assert.deepEqual(outside, was.paths);
    const changed = outside.filter((path) => !readFileSync(join(copy, path)).equals(readFileSync(join(root, path))));
    assert.deepEqual(changed, Object.keys(linesElsewhere));
    const written = changed.flatMap((path) => {
      const lines = is.text(path).split('\n');
      const before = was.text(path).split('\n');
      assert.deepEqual(
        lines.filter((line) => before.includes(line)),
        before,
        `${path} keeps its lines`,
      );
      return lines.filter((line) => !before.includes(line)).map((line) => `${path}: ${line.trim()}`);
    });
    for (const line of written) t.diagnostic(line);
    assert.ok(written.length > 0 && written.length <= 3, written.join('\n'));
  });

  it('has types that fit', async () => {
    // Beside other tests, many threads only cost more.
    for (const project of ['.', 'web']) await passes('node_modules/typescript/bin/tsc', '-p', project, '--singleThreaded');
  });

  it('is formatted, and keeps the rules of the linter', async () => {
    const paths = [market, ...Object.keys(linesElsewhere)];
    await passes('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', ...paths);
  });

  it('has no dead file or export', async () => {
    const { text } = await run(['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints', '--reporter', 'compact']);
    assert.deepEqual(
      text.split('\n').filter((line) => line.includes(market)),
      [],
    );
  });

  it('stands in the pages that are written from the code, which nobody edits', async () => {
    await passes('tools/write-docs.ts');
    const written = readTree(copy);
    for (const [page, name] of [
      ['configuration', 'WISHES_PRICE'],
      ['laws', 'wishes-1'],
      ['roles', 'wishes-api'],
    ])
      assert.ok(written.text(`docs/${page}.md`).includes(`| \`${name}\` |`), `docs/${page}.md names ${name}`);
  });

  it('is tidy: walls, names, pages and links', async () => {
    await passes('tools/tidy.ts');
  });

  it('passes its own tests, and those of what is written down about all modules', async () => {
    const text = await passes('--test', '--test-isolation=none', `${market}/**/*.test.ts`, 'test/deploy.test.ts', 'test/docs.test.ts');
    assert.match(text, /a wish/);
  });

  it('is built into the browser app', async () => {
    await passes('tools/build-web.js', '--always');
  });

  describe('in an open house', () => {
    let house: TestHouse;
    let browser: Browser;
    let english: WatchedPage;
    let german: WatchedPage;

    before(async () => {
      const env = {
        ...environment,
        STOCKS_HISTORY_MINUTES: '0',
        STOCK: 'MSFT',
        SHOP_DEMO_GOODS: 'off',
        FLIGHTS_DEMO_TIMETABLE: 'off',
        WISHES_PRICE: '7',
      } as Record<string, string>;
      house = await startHouse({ root: copy, env });
      browser = await openBrowser();
      english = await openPage(browser);
      german = await openPage(browser, { locale: 'de-DE' });
    });

    after(async () => {
      await browser?.close();
      await house?.remove();
    });

    const kontor = (...args: readonly string[]) => run(['bin/kontor.js', ...args], { DATA_DIR: house.dataDir });

    it('takes a wish from somebody who signed up, once, and puts the sale on the tape', async () => {
      const { page } = english;
      await page.goto(`${house.url}/sign-up`);
      await signUp(page, { name: 'Ada Lovelace', email: 'ada@example.org' });
      const wish = (text: string, key: string) =>
        page.request.post(`${house.url}/api/wishes`, { data: { text }, headers: { 'idempotency-key': key } });
      const poor = await wish('A fair wind', 'wish-0001');
      assert.equal(poor.status(), 409);
      const { reason } = (await poor.json()) as { reason: unknown };
      assert.deepEqual(reason, { name: 'wish-unpaid', values: { price: 7, available: 0 } });
      assert.equal((await page.request.post(`${house.url}/api/coins/faucet`)).status(), 200);
      const [made, again, other] = [
        await wish('A fair wind', 'wish-0001'),
        await wish('A fair wind', 'wish-0001'),
        await wish('Calm', 'wish-0001'),
      ];
      assert.deepEqual([made.status(), again.status(), other.status()], [201, 201, 409]);
      assert.deepEqual(await again.json(), await made.json());

      const companies = async () => JSON.stringify(await (await fetch(`${house.url}/api/stocks/companies`)).json());
      await until(async () => (await companies()).includes('WISHES.STAR'), { describe: 'the sale on the tape' });
    });

    it('has its page, form, words and refusals, in English and German', async () => {
      const { page } = english;
      await page.goto(house.url);
      await page.locator('.band').getByRole('link', { name: 'Wishes' }).click();
      await page.getByRole('heading', { name: 'Wishes of the harbour' }).waitFor();
      await page.getByText('A fair wind').waitFor();
      await page.getByLabel('Your wish').fill('Herring');
      await page.getByText('It costs 7 coins').waitFor();
      await page.getByRole('button', { name: 'Make a wish' }).click();
      await page.getByText('Your wish hangs in the harbour.').waitFor();
      await page.getByRole('rowheader', { name: 'Herring' }).waitFor();

      await german.page.goto(`${house.url}/wishes`);
      await german.page.getByRole('heading', { name: 'Wünsche des Hafens' }).waitFor();
      await german.page.locator('.band').getByRole('link', { name: 'Wünsche' }).waitFor();
      await german.page.getByRole('rowheader', { name: 'Herring' }).waitFor();
      assert.deepEqual([...english.complaints(), ...german.complaints()], []);

      await german.page.context().addCookies(await page.context().cookies());
      await german.page.reload();
      await german.page.getByLabel('Dein Wunsch').fill('!');
      await german.page.getByRole('button', { name: 'Wünsch dir was' }).click();
      await german.page.getByText('Ein Wunsch hat mindestens einen Buchstaben.').first().waitFor();
    });

    it('is in the documentation of the API, in readiness and in the metrics', async () => {
      const text = async (path: string) => (await fetch(house.url + path)).text();
      assert.ok((JSON.parse(await text('/api/openapi.json')) as { paths: object }).paths['/api/wishes' as never]);
      assert.ok((JSON.parse(await text('/ready')) as { roles: object }).roles['wishes-api' as never]);
      const counted = (await text('/metrics')).split('\n').filter((line) => line.startsWith('kontor_wishes'));
      assert.deepEqual(counted, ['kontor_wishes_made_total 2']);
    });

    it('has its command and option at the terminal', async () => {
      const list = await kontor('wishes', 'list');
      assert.equal(list.code, 0, list.text);
      assert.match(list.text, / 7 +A fair wind$/m);
      const help = await kontor('help', 'options');
      assert.equal(help.code, 0, help.text);
      assert.match(help.text, /--wishes-price +What a wish costs, in coins\. \[5\]/);
    });

    it('is audited: its law holds, and notices when the books are broken', async () => {
      const held = await kontor('audit');
      assert.equal(held.code, 0, held.text);
      assert.match(held.text, /^wishes-1 +holds +2 wishes/m);
      await house.stop();
      const books = new DatabaseSync(join(house.dataDir, 'kontor.db'));
      books.exec(`update wishes_wish set price = 8 where text = 'Herring'`);
      books.close();
      const broken = await kontor('audit');
      assert.equal(broken.code, 1);
      assert.match(broken.text, /^ {2}- the wish [0-9a-f]{32} costs 8 coins, but the ledger moved 7$/m);
      assert.match(broken.text, /laws, 1 are broken and 0 could not be checked/);
    });
  });
});
