/** Cache in the process's own memory: bounded in entries and in size, with one load per key at a time. */

import { invariant, KontorError } from '#core/errors.ts';
import type { Cache, CacheRules } from '#core/ports/cache.ts';
import type { Clock } from '#core/ports/clock.ts';

export interface MemoryCacheOptions {
  readonly maxEntries: number;
  readonly clock: Clock;
  /** Keys and values together, as text; a value that is larger alone is not kept. */
  readonly maxCharacters?: number;
  /** A load that takes longer is given up, so that its key can be loaded again. */
  readonly loadTimeoutMs?: number;
}

interface Entry {
  /**
   * The value as JSON: what would cross a process boundary with another engine is serialised here too, so that callers
   * cannot change each other's copies, and a value that JSON does not keep shows on the first day.
   */
  readonly text: string;
  /** When its load began, for the value may be as old as that; on the monotonic clock, which nobody sets back. */
  readonly loadedAtMs: number;
}

const defaultMaxCharacters = 32 * 1024 * 1024;
const defaultLoadTimeoutMs = 30_000;

export function openMemoryCache(options: MemoryCacheOptions): Cache {
  const { clock, maxEntries } = options;
  const maxCharacters = options.maxCharacters ?? defaultMaxCharacters;
  const loadTimeoutMs = options.loadTimeoutMs ?? defaultLoadTimeoutMs;
  invariant(Number.isInteger(maxEntries) && maxEntries >= 1, `maxEntries must be a whole number from 1, not ${maxEntries}`);

  /** In the order of their last use, as a Map keeps the order of insertion: the first is the least recently used. */
  const entries = new Map<string, Entry>();
  const loads = new Map<string, Promise<string>>();
  let characters = 0;
  let closed = false;

  function remove(key: string): void {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    characters -= key.length + entry.text.length;
  }

  function store(key: string, entry: Entry): void {
    remove(key);
    const size = key.length + entry.text.length;
    if (size > maxCharacters) return;
    entries.set(key, entry);
    characters += size;
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries && characters <= maxCharacters) break;
      remove(oldest);
    }
  }

  function markUsed(key: string, entry: Entry): void {
    entries.delete(key);
    entries.set(key, entry);
  }

  /** The load that is under way for the key, or a new one. */
  function loadOnce<Value>(key: string, load: () => Promise<Value>): Promise<string> {
    const running = loads.get(key);
    if (running !== undefined) return running;

    const loadedAtMs = clock.monotonicMs();
    const loading: Promise<string> = withinTime(key, load)
      .then((value) => {
        const text = serialised(key, value);
        // After `drop` or `close` the value may be the very one that was to be forgotten.
        if (loads.get(key) === loading) store(key, { text, loadedAtMs });
        return text;
      })
      .finally(() => {
        if (loads.get(key) === loading) loads.delete(key);
      });
    if (!closed) loads.set(key, loading);
    return loading;
  }

  async function withinTime<Value>(key: string, load: () => Promise<Value>): Promise<Value> {
    const done = new AbortController();
    const timeUp = clock.sleep(loadTimeoutMs, done.signal).then((): never => {
      throw new KontorError('timed_out', `loading ${key} for the cache took longer than ${loadTimeoutMs} ms`);
    });
    // When the load wins, nobody looks at the time any more.
    timeUp.catch(() => {});
    try {
      return await Promise.race([load(), timeUp]);
    } finally {
      done.abort();
    }
  }

  return {
    async getOrLoad<Value>(key: string, rules: CacheRules, load: () => Promise<Value>): Promise<Value> {
      const entry = entries.get(key);
      if (entry !== undefined) {
        const ageMs = clock.monotonicMs() - entry.loadedAtMs;
        if (ageMs <= rules.ttlMs) {
          markUsed(key, entry);
          return JSON.parse(entry.text);
        }
        if (ageMs <= rules.ttlMs + rules.staleMs) {
          markUsed(key, entry);
          // When this fails the next caller tries again, and once the value is too old, is told why.
          loadOnce(key, load).catch(() => {});
          return JSON.parse(entry.text);
        }
      }
      return JSON.parse(await loadOnce(key, load));
    },
    async drop(key) {
      remove(key);
      loads.delete(key);
    },
    async close() {
      closed = true;
      entries.clear();
      loads.clear();
      characters = 0;
    },
  };
}

function serialised(key: string, value: unknown): string {
  const text = JSON.stringify(value);
  invariant(text !== undefined, `the value loaded for ${key} cannot be cached: JSON has no ${typeof value}`);
  return text;
}
