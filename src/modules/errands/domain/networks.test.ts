/** The networks of addresses. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { minerNetworkOf } from './networks.ts';

it('the network of an address is a /24 of IPv4 and a /48 of IPv6, and this machine has none', () => {
  const networks = {
    '203.0.113.7': '203.0.113.0/24',
    '::ffff:203.0.113.200': '203.0.113.0/24',
    '2001:db8:7:1::9': '2001:db8:7::/48',
    '2001:DB8::1': '2001:db8:0::/48',
    'fe80::1%eth0': 'fe80:0:0::/48',
    '127.0.0.1': null,
    '::ffff:127.0.0.1': null,
    '::1': null,
    '': 'unknown',
  };
  for (const [address, network] of Object.entries(networks)) assert.equal(minerNetworkOf(address), network, address);
});
