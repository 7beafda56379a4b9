/**
 * Cache: get-or-load with a time to live. Losing the cache loses speed, nothing else.
 *
 * Promises:
 * - a value older than `ttlMs + staleMs` is never returned;
 * - one load per key at a time across the callers of a process, however many ask. An engine that processes share keeps it
 *   across them, too, unless a process is dead or takes longer than a limit;
 * - a value between `ttlMs` and `ttlMs + staleMs` old is returned at once and reloaded in the background;
 * - a failed load is never stored, and rejects for all callers that wait for it;
 * - a cache that is broken or full behaves like an empty one: `getOrLoad` still answers;
 * - memory is bounded: beyond its limit, the least recently used entries are dropped first;
 * - a value's age counts from the start of its load. Values make a round trip through JSON, on a load too, so that callers
 *   cannot change each other's copies and another process can hold them. A value that JSON cannot represent is refused;
 * - a load that does not end rejects with `timed_out`; `drop` removes the value, and discards one that is being loaded.
 */
export interface Cache {
  getOrLoad<Value>(key: string, rules: CacheRules, load: () => Promise<Value>): Promise<Value>;
  drop(key: string): Promise<void>;
  close(): Promise<void>;
}

export interface CacheRules {
  /** How long a value counts as fresh. */
  readonly ttlMs: number;
  /** How long after `ttlMs` it may still be returned while it is reloaded; 0 for never. */
  readonly staleMs: number;
}
