/** First paint on a slow line, in Chromium: 400 ms to each answer and 50 KB/s, with empty caches. */
import type { Browser } from 'playwright-core';
import { openBrowser } from '../test/e2e/browser.ts';
import { type Bench, median } from './bench.ts';
import { startHouse } from './house.ts';

const line = { offline: false, latency: 400, downloadThroughput: 50 * 1_024, uploadThroughput: 50 * 1_024 };
const pages = ['/', '/stocks', '/flights', '/shop', '/errands'];
const rounds = 3;
/** Each visit takes so long: a page that lives is never quiet. */
const visitMs = 12_000;

interface Visit {
  readonly firstPaintMs: number;
  readonly largestPaintMs: number;
  /** What long tasks had above 50 ms each. */
  readonly blockingMs: number;
  /** The cumulative layout shift: of the worst five seconds, as Web Vitals count it. */
  readonly shift: number;
  /** Of the whole visit. */
  readonly kilobytes: number;
  readonly requests: number;
}

export const bench: Bench = {
  name: 'first-paint',
  says: 'pages on a slow line (400 ms to each answer, 50 KB/s) with empty caches, in Chromium (medians)',
  async run({ figure, progress }) {
    const house = await startHouse(['up'], { STOCKS_HISTORY_MINUTES: '60' });
    const browser = await openBrowser();
    try {
      for (const path of pages) {
        const visits: Visit[] = [];
        for (let round = 0; round < rounds; round += 1) {
          progress(`${path}, visit ${round + 1} of ${rounds}`);
          visits.push(await visit(browser, house.url + path));
        }
        const of = (part: keyof Visit) => median(visits.map((one) => one[part]));
        figure({ what: `${path} first contentful paint`, value: of('firstPaintMs'), unit: 'ms', aim: '≤ 2000' });
        figure({ what: `${path} largest contentful paint`, value: of('largestPaintMs'), unit: 'ms' });
        figure({ what: `${path} blocking time`, value: of('blockingMs'), unit: 'ms' });
        figure({ what: `${path} layout shift`, value: of('shift'), unit: '' });
        figure({ what: `${path} transferred`, value: of('kilobytes'), unit: 'KB' });
        figure({ what: `${path} requests`, value: of('requests'), unit: '' });
      }
    } finally {
      await browser.close();
      await house.stop();
    }
  },
};

/** Runs in the page, before anything of it. */
const observing = `
window.seen = { largest: 0, blocking: 0, shift: 0 };
const session = { shift: 0, from: -Infinity, last: -Infinity };
const watch = (type, note) => new PerformanceObserver((list) => {
  list.getEntries().forEach(note);
}).observe({ type, buffered: true });
watch('largest-contentful-paint', ({ startTime }) => { seen.largest = startTime; });
watch('longtask', ({ duration }) => { seen.blocking += duration - 50; });
watch('layout-shift', ({ value, startTime }) => {
  if (startTime - session.last > 1000 || startTime - session.from > 5000) Object.assign(session, { shift: 0, from: startTime });
  session.last = startTime;
  session.shift += value;
  seen.shift = Math.max(seen.shift, session.shift);
});`;

const seen = `({
  first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
  ...window.seen,
})`;

interface Seen {
  readonly first: number;
  readonly largest: number;
  readonly blocking: number;
  readonly shift: number;
}

async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, locale: 'en-GB' });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', line);
    let bytes = 0;
    let requests = 0;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
      requests += 1;
    });
    await page.addInitScript({ content: observing });
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForTimeout(visitMs);
    const found = await page.evaluate<Seen>(seen);
    return {
      firstPaintMs: found.first,
      largestPaintMs: found.largest,
      blockingMs: found.blocking,
      shift: found.shift,
      kilobytes: bytes / 1_024,
      requests,
    };
  } finally {
    await context.close();
  }
}
