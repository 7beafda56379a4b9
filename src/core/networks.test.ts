/** Addresses of one network are counted together, however they are written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf, subscriberOf } from './networks.ts';

test('an IPv4 address belongs to its /24, also when it is written as IPv6', () => {
  assert.equal(networkOf('203.0.113.77'), '203.0.113.0/24');
  assert.equal(networkOf('::ffff:203.0.113.78'), '203.0.113.0/24');
});

test('an IPv6 address belongs to its /48, however it is shortened', () => {
  assert.equal(networkOf('2001:db8:42:1::7'), '2001:db8:42::/48');
  assert.equal(networkOf('2001:0DB8:0042:ffff:1:2:3:4'), '2001:db8:42::/48');
  assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0::/48');
  assert.equal(networkOf('::1'), '0:0:0::/48');
});

test('a customer of a provider has one address of IPv4, or a /64 of IPv6', () => {
  assert.equal(subscriberOf('203.0.113.77'), '203.0.113.77');
  assert.equal(subscriberOf('::ffff:203.0.113.77'), '203.0.113.77');
  assert.equal(subscriberOf('2001:db8:42:1::7'), '2001:db8:42:1::/64');
  assert.equal(subscriberOf('2001:db8:42:1:9:9:9:9'), '2001:db8:42:1::/64');
});

test('what is no address is one network', () => {
  assert.equal(networkOf(''), 'unknown');
  assert.equal(networkOf('somewhere'), 'unknown');
});
