/** The web outside of a simulated world: hosts with pages that change, and receivers of webhooks; and the Reader, without its thread. */
import type { Random } from '#core/ports/random.ts';
import { difference } from '#modules/errands/domain/difference/difference.ts';
import { readPage } from '#modules/errands/domain/extraction/read-page.ts';
import { renderedText } from '#modules/errands/domain/extraction/rendered-text.ts';
import type { Fetch, FetchOutcome, FetchRequest } from '#modules/errands/ports/fetch.ts';
import type { Reader } from '#modules/errands/ports/reader.ts';
import type { SimulatedProcess } from '../process.ts';
import type { Weather } from '../weather.ts';

/** How often a page says something new. */
const newsMs = 120_000;
const longestMs = 900;

export class Hosts {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** What a page says at a moment: the same for everybody who looks. */
  page(address: string, atMs: number): string {
    return `${new URL(address).pathname}\nTea\n${3 + (Math.floor(atMs / newsMs) % 5)} coins`;
  }

  fetchFor(process: SimulatedProcess, weather: Weather): Fetch {
    const fetch = (request: FetchRequest, signal?: AbortSignal): Promise<FetchOutcome> =>
      new Promise((resolve) => {
        const { ending } = weather.fateOf('hosts', process, false);
        const takesMs = 10 + this.#random.float() * longestMs;
        const cancel = process.later(takesMs, () => resolve(this.#outcome(request, ending === 'done', process.timeline.nowMs)));
        const abort = () => {
          cancel();
          process.wake(() => resolve(failed(request.address, 'cancelled')));
        };
        if (signal?.aborted) abort();
        else signal?.addEventListener('abort', abort, { once: true });
      });
    return { fetch, close: async () => {} };
  }

  #outcome({ address, method }: FetchRequest, isWell: boolean, nowMs: number): FetchOutcome {
    if (!isWell) return failed(address, 'connect_failed');
    if (method === 'POST') return fetched(address, 204, '');
    if (address.endsWith('/robots.txt')) return fetched(address, 404, '');
    return fetched(address, 200, this.page(address, nowMs));
  }
}

/** Reads at once: what a thread does beside the house takes no simulated time. */
export const simulatedReader: Reader = {
  read: async (page, extraction) => readPage(page, extraction),
  text: async (page) => renderedText(page),
  difference: async (before, after) => difference(before, after),
  close: async () => {},
};

const timings = { resolveMs: 1, connectMs: 1, headersMs: 1, bodyMs: 1, totalMs: 4 };

function fetched(address: string, status: number, text: string): FetchOutcome {
  const body = Buffer.from(text);
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return { kind: 'fetched', status, headers, address, redirects: 0, protocol: 'http/1.1', body, wireBytes: body.length, timings };
}

function failed(address: string, reason: 'connect_failed' | 'cancelled'): FetchOutcome {
  return { kind: 'failed', reason, address, says: `the simulated host: ${reason}`, timings };
}
