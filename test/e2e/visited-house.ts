/** The house whose companies trade and the browser that looks at it, for all suites of a process: there before them, gone after them. */
import { after, before } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { allCompaniesTraded, startHouse, type TestHouse } from './house.ts';
import { openPage, type WatchedPage } from './watched-page.ts';

let openedHouse: TestHouse | undefined;
let openedBrowser: Browser | undefined;

before(async () => {
  [openedHouse, openedBrowser] = await Promise.all([startHouse({ env: { STOCKS_HISTORY_MINUTES: '5' } }), openBrowser()]);
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

/** The pages that one suite visits, each with nothing remembered from the others; they are closed after it. */
export function visits() {
  const visited: WatchedPage[] = [];
  after(async () => {
    for (const watched of visited) await watched.close();
  });
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
