/** A page whose complaints are kept: what the console calls an error, what the content policy refuses, what fails to load. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** Long enough for a busy machine; what must be fast is measured where it is tested. */
const actionTimeoutMs = 45_000;

export interface WatchedPage {
  readonly page: Page;
  /** One line for each; a page that is well has none. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context: BrowserContext = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(actionTimeoutMs);
  const complaints: string[] = [];
  page.on('console', (message) => {
    // A bad answer is told of below, with its address.
    if (message.text().startsWith('Failed to load resource')) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => {
    // A page that is left while something loads gives up on it, as it should.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED')
      complaints.push(`failed: ${request.url()} ${request.failure()?.errorText ?? ''}`);
  });
  await page.addInitScript(`
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error('content policy refuses ' + event.effectiveDirective + ': ' + (event.blockedURI || event.sourceFile));
    });
  `);
  return { page, complaints: () => complaints, close: () => context.close() };
}

/** How far the page can be scrolled sideways, in pixels: 0 on a page that fits. */
export async function sidewaysPixels(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
