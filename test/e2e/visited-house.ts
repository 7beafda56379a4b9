/** The house whose companies trade and the browser that looks at it, for all suites of a process: there before them, gone after them. */
import { after, afterEach, before, beforeEach } from 'node:test';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { freePort } from '#cluster/free-port.ts';
import { openBrowser } from './browser.ts';
import { allCompaniesTraded, startHouse, type TestHouse } from './house.ts';
import { openPage, type WatchedPage } from './watched-page.ts';

let openedHouse: TestHouse | undefined;
let openedBrowser: Browser | undefined;

before(async () => {
  [openedHouse, openedBrowser] = await Promise.all([
    startHouse({
      port: await freePort(),
      env: { STOCKS_HISTORY_MINUTES: '5', FLIGHTS_DEMO_FLIGHTS: '6000', FLIGHTS_LAND_SECONDS: '1', FLIGHTS_PRICE_MINUTES: '1' },
    }),
    openBrowser(),
  ]);
  await allCompaniesTraded(openedHouse);
});
after(async () => {
  await openedBrowser?.close();
  await openedHouse?.remove();
});

/** Known when the tests run. */
export function house(): TestHouse {
  if (!openedHouse) throw new Error('the house is there when the tests run, not before');
  return openedHouse;
}

export function browser(): Browser {
  if (!openedBrowser) throw new Error('the browser is there when the tests run, not before');
  return openedBrowser;
}

/**
 * For a suite: pages that a test opens are closed after it, the others after the suite. An open page goes on showing what
 * the house does, which takes time from the tests that follow.
 */
export function closesPages(): void {
  let ofSuite: readonly BrowserContext[] = [];
  beforeEach(() => {
    ofSuite = browser().contexts();
  });
  afterEach(async () => {
    for (const context of browser().contexts()) if (!ofSuite.includes(context)) await context.close();
  });
  after(async () => {
    for (const context of browser().contexts()) await context.close();
  });
}

/** The pages that one suite visits, each with nothing remembered from the others; see `closesPages`. */
export function visits() {
  const visited: WatchedPage[] = [];
  closesPages();
  return {
    async visit(path: string, options?: BrowserContextOptions): Promise<Page> {
      const watched = await openPage(browser(), options);
      visited.push(watched);
      await watched.page.goto(`${house().url}${path}`);
      return watched.page;
    },
    /** Of all pages visited so far, one line each. */
    complaints: (): readonly string[] => visited.flatMap((watched) => watched.complaints()),
  };
}
