/**
 * Every page in a real browser. One process imports all suites, so that they share a browser and a house (visited-house.ts).
 * One suite alone: `npx node --test --test-name-pattern='the shop' test/e2e/pages.test.ts`.
 */
import './overview-page.ts';
import './market-page.ts';
import './company-page.ts';
import './shop-pages.ts';
import './people-pages.ts';
import './admin-pages.ts';
import './flights-pages.ts';
import './errands-pages.ts';
import './long-words.ts';
import './docs-pages.ts';
import './first-paint-pages.ts';
import './reconnect-page.ts';
