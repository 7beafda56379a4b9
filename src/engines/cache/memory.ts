/** The Cache in the process's memory: bounded in entries and size, with one load per key at a time. */
import { invariant } from '#core/errors.ts';
import type { Cache, CacheRules } from '#core/ports/cache.ts';
import type { Clock } from '#core/ports/clock.ts';
import { withinTime } from '#core/within-time.ts';

export interface MemoryCacheOptions {
  readonly maxEntries: number;
  readonly clock: Clock;
  /** Keys and values together, as text; a single value that is larger is not stored. */
  readonly maxCharacters?: number;
  /** A load that takes longer is abandoned, so that its key can be loaded again. */
  readonly loadTimeoutMs?: number;
}

interface Entry {
  /**
   * The value as JSON, as with an engine in another process: callers cannot change each other's copies, and a value that
   * JSON cannot represent is found early.
   */
  readonly text: string;
  /** When its load began, on the monotonic clock: the value may be that old. */
  readonly loadedAtMs: number;
}

const defaultMaxCharacters = 32 * 1024 * 1024;
const defaultLoadTimeoutMs = 30_000;

export function openMemoryCache(options: MemoryCacheOptions): Cache {
  const { clock, maxEntries } = options;
  const maxCharacters = options.maxCharacters ?? defaultMaxCharacters;
  const loadTimeoutMs = options.loadTimeoutMs ?? defaultLoadTimeoutMs;
  invariant(Number.isInteger(maxEntries) && maxEntries >= 1, `maxEntries must be a whole number from 1, not ${maxEntries}`);

  /** In order of last use (a Map keeps insertion order): the first is the least recently used. */
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

  /** The running load of the key, or a new one. */
  function loadOnce<Value>(key: string, load: () => Promise<Value>): Promise<string> {
    const running = loads.get(key);
    if (running !== undefined) return running;

    const loadedAtMs = clock.monotonicMs();
    const late = (ms: number) => `loading ${key} for the cache took longer than ${ms} ms`;
    const loading: Promise<string> = withinTime(clock, loadTimeoutMs, Promise.try(load), late)
      .then((value) => {
        const text = serialised(key, value);
        // After `drop` or `close`, this value must not be stored.
        if (loads.get(key) === loading) store(key, { text, loadedAtMs });
        return text;
      })
      .finally(() => {
        if (loads.get(key) === loading) loads.delete(key);
      });
    if (!closed) loads.set(key, loading);
    return loading;
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
          // If this fails, the next caller tries again; once the value is too old, the error reaches the caller.
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
