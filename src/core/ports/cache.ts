/**
 * Cache: get-or-load with a time to live. Losing the cache loses speed, nothing else.
 *
 * Promises:
 * - a value older than `ttlMs + staleMs` is never returned;
 * - one load per key at a time across the callers of a process, however many ask;
 * - a value between `ttlMs` and `ttlMs + staleMs` old is returned at once while one caller reloads it behind;
 * - a failed load is never stored, and rejects for those who waited for it;
 * - a cache that is broken or full behaves as an empty one: `getOrLoad` still answers;
 * - memory is bounded: beyond its limit, the least recently used entries go first.
 */
export interface Cache {
  getOrLoad<Value>(key: string, rules: CacheRules, load: () => Promise<Value>): Promise<Value>;
  drop(key: string): Promise<void>;
  close(): Promise<void>;
}

export interface CacheRules {
  /** How long a value counts as fresh. */
  readonly ttlMs: number;
  /** How long beyond `ttlMs` it may still be returned while it is being reloaded; 0 for never. */
  readonly staleMs: number;
}
