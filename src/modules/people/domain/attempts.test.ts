/** Which addresses count as one network. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { networkOf } from './attempts.ts';

describe('the network of an address', () => {
  for (const [address, network] of [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ] as const) {
    it(`${address} is ${network}`, () => assert.equal(networkOf(address), network));
  }
});
