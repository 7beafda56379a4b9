/** The Cache on Redis. Items are compared and replaced by scripts, which Redis runs one at a time. */
import { createClient } from '@redis/client';
import { backoffMs } from '#core/backoff.ts';
import { KontorError } from '#core/errors.ts';
import type { Cache } from '#core/ports/cache.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import { withinTime } from '#core/within-time.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { openSharedCache } from './shared.ts';
import { markLength, type SharedStore } from './shared-store.ts';

export interface RedisCacheOptions {
  /** `redis://name:password@host:6379/0`, or `rediss:` over TLS. */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The longest that a caller waits for the server. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 50;
const connectTimeoutMs = 2_000;
/** The house starts without its cache; this is how long it gives it. */
const startTimeoutMs = 1_000;
const pauses = { firstMs: 50, maxMs: 2_000 };
const maxWaiting = 10_000;
/** A connection without an answer for this long is given up. */
const silenceMs = 5_000;

const replaceScript = `
if redis.call('getrange', KEYS[1], 0, ${markLength - 1}) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3])
return 1`;
const removeScript = `
if redis.call('getrange', KEYS[1], 0, ${markLength - 1}) ~= ARGV[1] then return 0 end
return redis.call('del', KEYS[1])`;

export async function openRedisCache({ url, clock, random, log, timeoutMs = defaultTimeoutMs }: RedisCacheOptions): Promise<Cache> {
  const { host } = addressOf(url);
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: maxWaiting,
    pingInterval: silenceMs / 2,
    socket: {
      connectTimeout: connectTimeoutMs,
      socketTimeout: silenceMs,
      reconnectStrategy: (retries) => backoffMs(retries + 1, pauses, random),
    },
  });
  // Each failed attempt to connect is an event; the breaker logs that the server does not answer.
  client.on('error', () => {});
  const connecting = client.connect().then(
    () => {},
    () => {},
  );
  await withinTime(clock, startTimeoutMs, connecting).catch(() => {});
  const breaker = new CircuitBreaker({ server: host, timeoutMs, clock, random, log });

  const store: SharedStore = {
    get: (key) => breaker.call(async () => (await client.get(named(key))) ?? undefined),
    replace: (key, mark, item, ttlMs) =>
      breaker.call(async () => {
        const answer = await client.eval(replaceScript, { keys: [named(key)], arguments: [mark, item, String(Math.ceil(ttlMs))] });
        return answer === 1;
      }),
    remove: (key, mark) =>
      breaker.call(async () => {
        if (mark === undefined) await client.del(named(key));
        else await client.eval(removeScript, { keys: [named(key)], arguments: [mark] });
      }),
    async close() {
      client.destroy();
    },
  };
  return openSharedCache({ store, clock, random });
}

/** The message does not repeat the address, which may hold a password. */
function addressOf(url: string): URL {
  if (URL.canParse(url) && new URL(url).hostname !== '') return new URL(url);
  const message = 'the address of the cache is not valid: expected redis://NAME:PASSWORD@HOST:PORT/DATABASE';
  throw new KontorError('invalid_option', message, { details: [{ field: 'CACHE_URL', message }] });
}

/** Other programs may use the same server. */
function named(key: string): string {
  return `kontor:${key}`;
}
