/** The Cache on a real Redis. */
import { describe } from 'node:test';
import { openRedisCache } from '#engines/cache/redis.ts';
import { startRedis } from '../../tools/engines/caches.ts';
import { placeOf } from '../../tools/engines.ts';
import { sharedCacheTests } from './cache-servers.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('redis', 'alone');

describe('Redis', { skip: server.skip }, () => {
  sharedCacheTests('Redis', {
    open: openRedisCache,
    url: server.url,
    server: () => startRedis(placeOf('redis')),
    through: (port) => `redis://127.0.0.1:${port}`,
  });
});
