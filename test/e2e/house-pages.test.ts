/** All pages but those of the markets in a real browser, as in market-pages.test.ts. */
import './overview-page.ts';
import './people-pages.ts';
import './admin-pages.ts';
import './long-words.ts';
import './docs-pages.ts';
import './first-paint-pages.ts';
import './reconnect-page.ts';
