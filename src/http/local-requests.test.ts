/** Which requests count as made at this machine: by the peer, the host that they name, and their headers. */
import assert from 'node:assert/strict';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { it } from 'node:test';
import { isFromThisMachine } from './local-requests.ts';

function isLocal(remoteAddress: string | undefined, headers: IncomingHttpHeaders): boolean {
  return isFromThisMachine({ headers, socket: { remoteAddress } as IncomingMessage['socket'] });
}

it('a request is of this machine only from a loopback address, for a loopback host, and without what proxies add', () => {
  const host = 'localhost:3000';
  for (const peer of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) assert.equal(isLocal(peer, { host }), true, peer);
  for (const peer of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8::1', undefined])
    assert.equal(isLocal(peer, { host }), false, String(peer));
  assert.equal(isLocal('127.0.0.1', { host: 'kontor.example' }), false);
  assert.equal(isLocal('127.0.0.1', { host, via: '1.1 proxy' }), false);
});
