/** Answers to the catalogue's readers, rendered once a second for all who ask the same. Losing them loses speed, nothing else. */
import type { Clock } from '#core/ports/clock.ts';

const freshMs = 1_000;
const maxPages = 500;

interface Kept<Page> {
  readonly at: number;
  readonly page: Promise<Page>;
}

/** Pages are rendered as strings, which are written in one piece with their headers: bytes would take far longer. */
export class RenderedPages<Page> {
  readonly #clock: Clock;
  readonly #pages = new Map<string, Kept<Page>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One rendering at a time for each key; one that failed is not kept. */
  get(key: string, render: () => Promise<Page>): Promise<Page> {
    const known = this.#pages.get(key);
    const now = this.#clock.monotonicMs();
    if (known !== undefined && now - known.at < freshMs) return known.page;
    const page = render();
    this.#pages.delete(key);
    this.#pages.set(key, { at: now, page });
    page.catch(() => {
      if (this.#pages.get(key)?.page === page) this.#pages.delete(key);
    });
    // The oldest first: a map keeps the order in which keys came in.
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= maxPages) break;
      this.#pages.delete(oldest);
    }
    return page;
  }
}
