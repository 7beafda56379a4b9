/**
 * The Cache on a server that processes share. An item holds a value, or says that a process is loading one (a lease), or both.
 * A process changes an item only in place of the one that it saw, so two never load the same key unless one is slow or dead,
 * and what was read before a `drop` is never stored after it.
 */
import { createHash } from 'node:crypto';
import { invariant } from '#core/errors.ts';
import type { Cache, CacheRules } from '#core/ports/cache.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Random } from '#core/ports/random.ts';
import { withinTime } from '#core/within-time.ts';
import { type Item, itemText, parsedItem } from './shared-items.ts';
import type { SharedStore } from './shared-store.ts';

export interface SharedCacheOptions {
  readonly store: SharedStore;
  readonly clock: Clock;
  readonly random: Random;
  /** A load that takes longer is abandoned, so that its key can be loaded again. */
  readonly loadTimeoutMs?: number;
  /** How long a process waits for another one that loads the same key, before it loads it, too. */
  readonly waitMs?: number;
}

/** The server's limit of an item, with room for its own header. */
const maxItemBytes = 1_000_000;
const defaultLoadTimeoutMs = 30_000;
const defaultWaitMs = 2_000;
const lookAgainMs = 20;

export function openSharedCache(options: SharedCacheOptions): Cache {
  return new SharedCache(options);
}

class SharedCache implements Cache {
  readonly #store: SharedStore;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #loadTimeoutMs: number;
  readonly #waitMs: number;
  readonly #instance: string;
  readonly #gets = new Map<string, Promise<Item | undefined>>();
  readonly #loads = new Map<string, Promise<string>>();
  /** Changes whenever a load ends: what was got before may be older than what it stored. */
  #endedLoads = 0;
  #closed = false;

  constructor({ store, clock, random, loadTimeoutMs = defaultLoadTimeoutMs, waitMs = defaultWaitMs }: SharedCacheOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#random = random;
    this.#loadTimeoutMs = loadTimeoutMs;
    this.#waitMs = waitMs;
    this.#instance = random.id();
  }

  async getOrLoad<Value>(key: string, rules: CacheRules, load: () => Promise<Value>): Promise<Value> {
    const ended = this.#endedLoads;
    let item = await this.#get(key);
    if (this.#endedLoads !== ended && !this.#loads.has(key) && this.#ageMs(item) > rules.ttlMs) item = await this.#get(key);
    const ageMs = this.#ageMs(item);
    if (item?.value !== undefined && ageMs <= rules.ttlMs) return JSON.parse(item.value);
    if (item?.value !== undefined && ageMs <= rules.ttlMs + rules.staleMs) {
      // If this fails, the next caller tries again; once the value is too old, the error reaches the caller.
      if (!this.#isLoadedElsewhere(item)) this.#loadOnce(key, item, rules, load).catch(() => {});
      return JSON.parse(item.value);
    }
    return JSON.parse(await this.#loadOnce(key, item, rules, load));
  }

  async drop(key: string): Promise<void> {
    this.#loads.delete(key);
    await this.#store.remove(storedKey(key)).catch(() => {});
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#loads.clear();
    await this.#store.close();
  }

  /** A store that fails is an empty one. Callers that ask at the same time share an answer. */
  #get(key: string): Promise<Item | undefined> {
    const running = this.#gets.get(key);
    if (running !== undefined) return running;
    const getting = this.#store
      .get(storedKey(key))
      .then(parsedItem)
      .catch(() => undefined)
      .finally(() => this.#gets.delete(key));
    this.#gets.set(key, getting);
    return getting;
  }

  /** The running load of the key, or a new one. */
  #loadOnce<Value>(key: string, seen: Item | undefined, rules: CacheRules, load: () => Promise<Value>): Promise<string> {
    const running = this.#loads.get(key);
    if (running !== undefined) return running;
    const isCurrent = () => this.#loads.get(key) === loading;
    const loading: Promise<string> = this.#loadShared(key, seen, rules, load, isCurrent).finally(() => {
      this.#endedLoads += 1;
      if (isCurrent()) this.#loads.delete(key);
    });
    if (!this.#closed) this.#loads.set(key, loading);
    return loading;
  }

  async #loadShared<Value>(
    key: string,
    seen: Item | undefined,
    rules: CacheRules,
    load: () => Promise<Value>,
    isCurrent: () => boolean,
  ): Promise<string> {
    const turn = await this.#takeTurn(key, seen, rules);
    if (turn.value !== undefined) return turn.value;
    const { lease } = turn;
    const [at, atMonotonicMs] = [this.#clock.now(), this.#clock.monotonicMs()];
    try {
      const late = (ms: number) => `loading ${key} for the cache took longer than ${ms} ms`;
      const text = serialised(key, await withinTime(this.#clock, this.#loadTimeoutMs, Promise.try(load), late));
      const value = { mark: this.#random.id(), value: text, at, atMonotonicMs, instance: this.#instance };
      if (lease !== undefined) await this.#keep(key, lease, isCurrent() ? value : undefined, rules);
      return text;
    } catch (error) {
      if (lease !== undefined) await this.#giveBack(key, lease, rules);
      throw error;
    }
  }

  /** This process's turn to load, with its lease if the store takes one; or the value that another process loaded. */
  async #takeTurn(
    key: string,
    first: Item | undefined,
    rules: CacheRules,
  ): Promise<{ readonly value?: string; readonly lease?: Item | undefined }> {
    const untilMs = this.#clock.monotonicMs() + this.#waitMs;
    let seen = first;
    for (;;) {
      const isLate = this.#clock.monotonicMs() >= untilMs;
      if (seen === undefined || !this.#isLoadedElsewhere(seen) || isLate) {
        const taken = await this.#takeLease(key, seen, rules).catch(() => 'unreachable' as const);
        if (taken === 'unreachable' || isLate) return { lease: typeof taken === 'string' ? undefined : taken };
        if (taken !== 'taken') return { lease: taken };
      } else {
        await this.#clock.sleep(lookAgainMs);
      }
      seen = await this.#get(key);
      if (seen?.value !== undefined && this.#ageMs(seen) <= rules.ttlMs) return { value: seen.value };
    }
  }

  /** Marks the key as being loaded by this process; a value that is there stays, for others to use while it is stale. */
  async #takeLease(key: string, seen: Item | undefined, rules: CacheRules): Promise<Item | 'taken'> {
    const lease: Item = {
      mark: this.#random.id(),
      value: seen?.value,
      at: seen?.at ?? 0,
      atMonotonicMs: seen?.atMonotonicMs ?? 0,
      instance: seen?.instance ?? '',
      lease: { instance: this.#instance, until: this.#clock.now() + this.#loadTimeoutMs },
    };
    const ttlMs = this.#loadTimeoutMs + serverTtlMs(rules);
    return (await this.#store.replace(storedKey(key), seen?.mark ?? '', itemText(lease), ttlMs)) ? lease : 'taken';
  }

  /** Stores the value in place of the lease; one that was dropped or is too large only ends the lease. */
  async #keep(key: string, lease: Item, value: Item | undefined, rules: CacheRules): Promise<void> {
    const text = value === undefined ? '' : itemText(value);
    const size = Buffer.byteLength(text);
    const storing =
      size === 0 || size > maxItemBytes
        ? this.#store.remove(storedKey(key), lease.mark)
        : this.#store.replace(storedKey(key), lease.mark, text, serverTtlMs(rules));
    await storing.catch(() => {});
  }

  /** After a failed load, so that others need not wait for it. */
  async #giveBack(key: string, lease: Item, rules: CacheRules): Promise<void> {
    if (lease.value === undefined) return this.#store.remove(storedKey(key), lease.mark).catch(() => {});
    const { value, at, atMonotonicMs, instance } = lease;
    const before = itemText({ mark: this.#random.id(), value, at, atMonotonicMs, instance });
    await this.#store.replace(storedKey(key), lease.mark, before, serverTtlMs(rules)).catch(() => {});
  }

  #isLoadedElsewhere({ lease }: Item): boolean {
    return lease !== undefined && lease.instance !== this.#instance && lease.until > this.#clock.now();
  }

  /** By the monotonic clock for values of this process, else by the time of day; one from the future counts as too old. */
  #ageMs(item: Item | undefined): number {
    if (item?.value === undefined) return Number.POSITIVE_INFINITY;
    if (item.instance === this.#instance) return this.#clock.monotonicMs() - item.atMonotonicMs;
    const ageMs = this.#clock.now() - item.at;
    return ageMs < -maxClockDifferenceMs ? Number.POSITIVE_INFINITY : Math.max(0, ageMs);
  }
}

/** The clocks of machines differ a little; more than this is an error. */
const maxClockDifferenceMs = 1_000;

/** The item says how old its value is; the server's limit only frees its memory, so it need not be exact. */
function serverTtlMs({ ttlMs, staleMs }: CacheRules): number {
  return ttlMs + staleMs + spareTtlMs;
}

const spareTtlMs = 60_000;

/** Any text can be a key, and servers allow less. */
function storedKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

function serialised(key: string, value: unknown): string {
  const text = JSON.stringify(value);
  invariant(text !== undefined, `the value loaded for ${key} cannot be cached: JSON has no ${typeof value}`);
  return text;
}
