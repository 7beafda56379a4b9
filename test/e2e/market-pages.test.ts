/**
 * The pages of the markets in a real browser. One process imports all suites, so that they share a browser and a house
 * (visited-house.ts). One suite alone: `npx node --test --test-name-pattern='the shop' test/e2e/market-pages.test.ts`.
 */
import './market-page.ts';
import './company-page.ts';
import './shop-pages.ts';
import './flights-pages.ts';
import './errands-pages.ts';
