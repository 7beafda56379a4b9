/**
 * The Cache on memcached, one node or several that share the keys. A node that does not answer is an empty one: its keys do not
 * move to another, where they would be out of date when it comes back.
 */
import { KontorError } from '#core/errors.ts';
import type { Cache } from '#core/ports/cache.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { memcachedHosts } from './memcached-address.ts';
import { MemcachedNode } from './memcached-node.ts';
import { Ring } from './memcached-ring.ts';
import { openSharedCache } from './shared.ts';
import type { SharedStore } from './shared-store.ts';

export interface MemcachedCacheOptions {
  /** `memcached://host:11211,other:11211`. */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The longest that a caller waits for a node. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 50;

export function openMemcachedCache({ url, clock, random, log, timeoutMs = defaultTimeoutMs }: MemcachedCacheOptions): Cache {
  const members = memcachedHosts(url).map(({ hostname, port }) => {
    const server = `${hostname}:${port}`;
    return { server, node: new MemcachedNode({ hostname, port }), breaker: new CircuitBreaker({ server, timeoutMs, clock, random, log }) };
  });
  const ring = new Ring(new Map(members.map((member) => [member.server, member])));
  let closed = false;

  function call<Result>(key: string, work: (node: MemcachedNode) => Promise<Result>): Promise<Result> {
    const member = ring.nodeOf(key);
    if (member === undefined || closed) return Promise.reject(new KontorError('unavailable', 'the cache is closed'));
    const { node, breaker } = member;
    return breaker
      .call(() => work(node))
      .catch((error: unknown) => {
        if (error instanceof KontorError && error.code === 'timed_out') node.reset('it did not answer in time');
        throw error;
      });
  }

  const store: SharedStore = {
    get: (key) => call(key, (node) => node.get(named(key))),
    replace: (key, mark, item, ttlMs) => call(key, (node) => node.replace(named(key), mark, item, ttlMs)),
    remove: (key, mark) => call(key, (node) => node.remove(named(key), mark)),
    async close() {
      closed = true;
      for (const { node } of members) node.reset('the cache is closed');
    },
  };
  return openSharedCache({ store, clock, random });
}

/** Other programs may use the same nodes. */
function named(key: string): string {
  return `kontor:${key}`;
}
