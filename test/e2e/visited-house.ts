/** A house whose companies trade and a browser that looks at it, for the tests of one suite: there before them, gone after them. */
import { after, before } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { allCompaniesTraded, startHouse, type TestHouse } from './house.ts';
import { openPage, type WatchedPage } from './watched-page.ts';

export interface VisitedHouse {
  /** Known when the tests run. */
  url(): string;
  /** A page of its own, with nothing remembered from the others. */
  visit(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Of all pages visited so far, one line each. */
  complaints(): readonly string[];
}

export function visitedHouse(): VisitedHouse {
  let house: TestHouse;
  let browser: Browser;
  const visited: WatchedPage[] = [];

  before(async () => {
    house = await startHouse({ env: { STOCKS_HISTORY_MINUTES: '5' } });
    await allCompaniesTraded(house);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await house?.remove();
  });

  return {
    url: () => house.url,
    async visit(path, options) {
      const watched = await openPage(browser, options);
      visited.push(watched);
      await watched.page.goto(`${house.url}${path}`);
      return watched.page;
    },
    complaints: () => visited.flatMap((watched) => watched.complaints()),
  };
}
