/**
 * Cache: get-or-load with a time to live. Losing the cache loses speed, nothing else.
 *
 * Promises:
 * - a value older than `ttlMs + staleMs` is never returned;
 * - one load per key at a time across the callers of a process, however many ask;
 * - a value between `ttlMs` and `ttlMs + staleMs` old is returned at once while one caller reloads it behind;
 * - a failed load is never stored, and rejects for those who waited for it;
 * - a cache that is broken or full behaves as an empty one: `getOrLoad` still answers;
 * - memory is bounded: beyond its limit, the least recently used entries go first;
 * - a value is as old as the beginning of its load, and comes back as JSON keeps it, from the load as from the cache: so
 *   callers cannot change each other's copies, and it may live in another process. What JSON has no word for is refused;
 * - a load that never ends is given up with `timed_out`; `drop` forgets the value, and one that is being loaded.
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
