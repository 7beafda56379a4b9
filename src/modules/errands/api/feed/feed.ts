/** What is new for customers' clients: one poll of this process serves all of them, and each reads on from its own number. */
import { type Batcher, openBatcher } from '#core/batcher.ts';
import { type Chore, startChore } from '#core/chores.ts';
import { KontorError } from '#core/errors.ts';
import type { Gauge } from '#core/ports/metrics.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { RoleStatus } from '#core/role.ts';
import { isSent, itemOf, type ResultItem } from '../../domain/result-items.ts';
import { type FeedRange, type FeedSlice, feedHeads, readFeeds, readPages } from '../../store/results/feed.ts';

export type FeedPorts = Pick<Ports, 'state' | 'clock' | 'random' | 'log' | 'metrics'>;

export interface FeedAsk {
  readonly accountId: string;
  readonly orderId?: string | undefined;
  readonly after: number;
  /** Results of one answer, at most `maxFeedItems`. */
  readonly limit: number;
  /** Whether to send small pages along. */
  readonly pages: boolean;
}

type FeedItem = ResultItem & {
  /** The page as gzip in base64; null where there is none, or where it is large and has to be asked for. Left out if not asked for. */
  readonly page?: string | null;
};

interface FeedPage {
  readonly items: readonly FeedItem[];
  /** The number to go on after: that of the last item, or a later one where what followed is not sent. */
  readonly next: number;
  /** The number of the account's newest result. */
  readonly head: number;
}

export const maxFeedItems = 500;
const maxClients = 5_000;

/** How late a client learns of a result where no hint comes: it varies, so that instances do not ask at the same moment. */
const pollMs = 250;
/** Hints come with every write of the house; this many polls a second are enough. */
const restMs = 80;
const idleMs = 60_000;
const accountsPerStatement = 2_000;
/** Numbers looked at for one range of an order, which may have few results among many. */
const orderWindow = 2_000;
/** Reads in a row that found nothing to send. */
const maxReads = 20;
/** Bytes of all pages in one answer, before compression. */
const maxPageBytes = 4 * 1024 * 1024;

interface Waiter {
  readonly after: number;
  wake(): void;
}

export interface Feed {
  /** At once, with whatever there is. */
  read(ask: FeedAsk): Promise<FeedPage>;
  /** The same, but waits for something to send; with nothing after `waitMs`, when `signal` aborts, or when the instance stops. */
  next(ask: FeedAsk, waitMs: number, signal: AbortSignal): Promise<FeedPage>;
  /** The number of the account's newest result. */
  head(accountId: string): Promise<number>;
  /** Counts a client until the answer is called. Refused beyond the limit. */
  admit(): () => void;
  /** Aborts when the instance stops: clients go elsewhere. */
  readonly stopping: AbortSignal;
  status(): RoleStatus;
  drain(): void;
  stop(): Promise<void>;
}

export function openFeed(ports: FeedPorts): Feed {
  return new OpenFeed(ports);
}

class OpenFeed implements Feed {
  readonly #ports: FeedPorts;
  readonly #reads: Batcher<FeedRange, FeedSlice>;
  readonly #poll: Chore;
  readonly #forgetChanges: () => void;
  readonly #draining = new AbortController();
  readonly #waiters = new Map<string, Set<Waiter>>();
  readonly #gauge: Gauge;
  #count = 0;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
    this.#gauge = ports.metrics.gauge('errands_feed_clients', 'Clients that receive results from this instance.');
    this.#reads = openBatcher({
      what: 'clients of the feed',
      maxWaiting: maxClients * 2,
      maxBatch: 200,
      maxInFlight: 2,
      work: (ranges) => ports.state.read((queries) => readFeeds(queries, ranges)),
    });
    this.#poll = startChore({
      name: 'errands-feed',
      ports,
      everyMs: pollMs,
      jitter: 0.2,
      minRestMs: restMs,
      maxPauseMs: 2_000,
      failing: 'new results are not seen',
      work: () => this.#wakeThoseWithNews(),
    });
    this.#forgetChanges = ports.state.onChange(() => {
      if (this.#waiters.size > 0) this.#poll.wake();
    });
  }

  get stopping(): AbortSignal {
    return this.#draining.signal;
  }

  status(): RoleStatus {
    return this.#poll.status();
  }

  async read(ask: FeedAsk): Promise<FeedPage> {
    const { accountId, orderId, limit, pages } = ask;
    let after = ask.after;
    for (let reads = 1; ; reads += 1) {
      const upTo = after + (orderId === undefined ? limit : orderWindow);
      const { head, rows } = await this.#reads.submit({ accountId, orderId, after, upTo });
      const sent = rows.filter((row) => isSent(row, row));
      const last = sent[limit - 1];
      // Where more is left in the range, it goes on after the last one sent.
      const next = sent.length > limit && last !== undefined ? last.feed : Math.max(after, Math.min(upTo, head));
      const items = sent.slice(0, limit).map(itemOf);
      if (items.length > 0) return pages ? this.#withPages(items, next, head) : { items, next, head };
      if (next >= head || reads >= maxReads) return { items, next, head };
      after = next;
    }
  }

  async next(ask: FeedAsk, waitMs: number, signal: AbortSignal): Promise<FeedPage> {
    const { clock } = this.#ports;
    const untilMs = clock.monotonicMs() + waitMs;
    let page = await this.read(ask);
    while (page.items.length === 0) {
      const leftMs = untilMs - clock.monotonicMs();
      if (leftMs <= 0 || signal.aborted || this.stopping.aborted) break;
      // A client may know of results that a State restored from a backup has lost: it waits until there are as many again.
      await this.#news(ask.accountId, page.next, leftMs, signal);
      page = await this.read({ ...ask, after: page.next });
    }
    return page;
  }

  async head(accountId: string): Promise<number> {
    return (await this.#reads.submit({ accountId, after: 0, upTo: 0 })).head;
  }

  admit(): () => void {
    if (this.#count >= maxClients)
      throw new KontorError('overloaded', `${maxClients} clients wait here: connect again later, or elsewhere.`);
    this.#countClient(1);
    let isIn = true;
    return () => {
      if (isIn) this.#countClient(-1);
      isIn = false;
    };
  }

  drain(): void {
    this.#draining.abort('draining');
    for (const waiters of this.#waiters.values()) for (const waiter of waiters) waiter.wake();
  }

  async stop(): Promise<void> {
    this.drain();
    this.#forgetChanges();
    await Promise.all([this.#poll.stop(), this.#reads.close()]);
  }

  #countClient(change: 1 | -1): void {
    this.#count += change;
    this.#gauge.set(this.#count);
  }

  /** Resolves when the account has a result after the number, when the time is up, or when somebody stops. */
  #news(accountId: string, after: number, waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const over = new AbortController();
      const waiters = this.#waiters.get(accountId) ?? new Set();
      const end = () => {
        if (!waiters.delete(waiter)) return;
        if (waiters.size === 0) this.#waiters.delete(accountId);
        signal.removeEventListener('abort', end);
        over.abort('over');
        resolve();
      };
      const waiter: Waiter = { after, wake: end };
      waiters.add(waiter);
      this.#waiters.set(accountId, waiters);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted || this.stopping.aborted) return end();
      void this.#ports.clock.sleep(waitMs, over.signal).then(end);
      this.#poll.wake();
    });
  }

  async #wakeThoseWithNews(): Promise<{ readonly inMs: number } | undefined> {
    if (this.#waiters.size === 0) return { inMs: idleMs };
    const accounts = [...this.#waiters.keys()];
    for (let start = 0; start < accounts.length; start += accountsPerStatement) {
      const some = accounts.slice(start, start + accountsPerStatement);
      const heads = await this.#ports.state.read((queries) => feedHeads(queries, some));
      for (const [accountId, head] of heads) {
        for (const waiter of this.#waiters.get(accountId) ?? []) if (head > waiter.after) waiter.wake();
      }
    }
    return undefined;
  }

  async #withPages(items: readonly ResultItem[], next: number, head: number): Promise<FeedPage> {
    let bytes = 0;
    const fits = items.findIndex((item) => {
      bytes += item.bytes;
      return bytes > maxPageBytes;
    });
    // One is sent however large it is: a page in a row of the State is small.
    const count = fits === -1 ? items.length : Math.max(1, fits);
    const some = items.slice(0, count);
    const withPage = some.filter(({ outcome, bytes: length }) => outcome === 'delivered' && length > 0);
    const pages = withPage.length === 0 ? undefined : await this.#ports.state.read((queries) => readPages(queries, withPage));
    const sent = some.map((item) => {
      const body = pages?.get(item.feed)?.body;
      return { ...item, page: body ? Buffer.from(body.buffer, body.byteOffset, body.length).toString('base64') : null };
    });
    return { items: sent, next: count < items.length ? (some.at(-1)?.feed ?? next) : next, head };
  }
}
