/** Pages a second of Crawlee's HttpCrawler, 32 at once. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { npmPeers } from './peer-packages.ts';

/** What is used of a package that the project does not install. */
interface Crawlee {
  readonly Configuration: new (options: object) => object;
  readonly HttpCrawler: new (options: object, configuration: object) => { run(urls: readonly string[]): Promise<unknown> };
  readonly log: { setLevel(level: number): void; readonly LEVELS: { readonly OFF: number } };
}

process.once('message', ({ url, pages }: { url: string; pages: number }) => {
  void crawl(url, pages).then((perSecond) => process.send?.(perSecond, () => process.exit(0)));
});

async function crawl(url: string, pages: number): Promise<number> {
  const { Configuration, HttpCrawler, log } = createRequire(path.join(npmPeers(), 'package.json'))('@crawlee/http') as Crawlee;
  log.setLevel(log.LEVELS.OFF);
  const configuration = new Configuration({ persistStorage: false });
  const crawler = new HttpCrawler({ minConcurrency: 32, maxConcurrency: 32, requestHandler() {} }, configuration);
  const urls = Array.from({ length: pages }, (_, page) => `${url}/page/${page}`);
  const startedMs = performance.now();
  await crawler.run(urls);
  return pages / ((performance.now() - startedMs) / 1_000);
}
