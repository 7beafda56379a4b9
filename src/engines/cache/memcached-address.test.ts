/** Addresses of memcached. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { memcachedHosts } from './memcached-address.ts';

it('one node or several, with or without a port', () => {
  assert.deepEqual(memcachedHosts('memcached://cache'), [{ hostname: 'cache', port: 11_211 }]);
  assert.deepEqual(memcachedHosts('memcached://10.0.0.1:1,[::1]:2/'), [
    { hostname: '10.0.0.1', port: 1 },
    { hostname: '::1', port: 2 },
  ]);
});

it('another address is refused with what is expected', () => {
  for (const wrong of ['memcached://', 'memcached://a,', 'memcached://a:0', 'memcached://a:70000', 'memcached://me@a', 'memcached://a b'])
    assert.throws(() => memcachedHosts(wrong), /expected/);
});
