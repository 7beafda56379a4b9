/** Which hosts, origins and proxies the gate accepts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { startTestWebServer } from '#testkit/web-server.ts';
import { clientAddress, openGate } from './gate.ts';

const nothing = { allowedHosts: [], trustedProxies: [] };

test('on a loopback address only loopback names and configured hosts are accepted', () => {
  for (const host of ['127.0.0.1', 'localhost', '::1', '127.0.0.2']) {
    const gate = openGate({ ...nothing, host, allowedHosts: ['Kontor.example'] });
    for (const good of ['localhost', 'LOCALHOST:3000', '127.0.0.1:1', '[::1]', '[::1]:3000', 'kontor.example:80']) {
      assert.ok(gate.hostAllowed(good), good);
    }
    for (const bad of [
      undefined,
      '',
      'evil.example',
      '10.0.0.7',
      'a@localhost',
      'localhost:x',
      'localhost/',
      '::1',
      'sub.kontor.example',
    ]) {
      assert.ok(!gate.hostAllowed(bad), String(bad));
    }
  }
});

test('on a public address any host is accepted unless some are configured', () => {
  assert.ok(openGate({ ...nothing, host: '0.0.0.0' }).hostAllowed('anything.example'));
  const gate = openGate({ ...nothing, host: '0.0.0.0', allowedHosts: ['kontor.example'] });
  assert.ok(gate.hostAllowed('kontor.example'));
  assert.ok(gate.hostAllowed('localhost:3000'));
  assert.ok(gate.hostAllowed('10.0.0.7:3000'), 'probes use the address');
  assert.ok(gate.hostAllowed('[fd00::7]:3000'));
  assert.ok(!gate.hostAllowed('evil.example'));
});

test('hosts that a trusted proxy forwards must be accepted too; those from other clients are ignored', async (t) => {
  const routes = (scope: FastifyInstance) => void scope.get('/thing', ({ host }) => ({ host }));
  const options = { allowedHosts: ['kontor.example'], webs: [{ routes }] };
  const behindProxy = await startTestWebServer(t, { ...options, trustedProxies: ['127.0.0.1'] });
  const direct = await startTestWebServer(t, options);
  const claims: readonly Record<string, string>[] = [
    { 'x-forwarded-host': 'evil.example' },
    { 'x-forwarded-host': 'kontor.example, evil.example' },
    { forwarded: 'for=203.0.113.1;host=evil.example' },
    { forwarded: 'host=kontor.example, for=203.0.113.1; Host="evil.example:80"' },
    { forwarded: 'host=""' },
  ];
  for (const headers of claims) {
    assert.equal((await behindProxy.send('/thing', { headers })).status, 403, JSON.stringify(headers));
    assert.equal((await direct.send('/thing', { headers })).status, 403, 'nobody has to be trusted to be refused');
  }
  for (const headers of [{}, { 'x-forwarded-host': 'Kontor.Example:443' }, { forwarded: 'proto=https;host="kontor.example"' }])
    assert.equal((await behindProxy.send('/thing', { headers })).status, 200, JSON.stringify(headers));
});

test('an origin is accepted if it has the same host and port, or a configured host', () => {
  const gate = openGate({ ...nothing, host: '127.0.0.1', allowedHosts: ['kontor.example'] });
  assert.ok(gate.originAllowed(undefined, 'localhost:3000'));
  assert.ok(gate.originAllowed('http://localhost:3000', 'localhost:3000'));
  assert.ok(gate.originAllowed('http://localhost:3000', 'LOCALHOST:3000'));
  assert.ok(gate.originAllowed('https://kontor.example', '127.0.0.1:3000'));
  for (const bad of ['null', '', 'http://localhost:3001', 'https://evil.example', 'https://localhost.evil.example:3000']) {
    assert.ok(!gate.originAllowed(bad, 'localhost:3000'), bad);
  }
});

test('the client address is the first untrusted one from the right', () => {
  const gate = openGate({ ...nothing, host: '0.0.0.0', trustedProxies: ['10.0.0.0/8', 'fd00::1'] });
  assert.equal(clientAddress(gate, '10.0.0.1', '203.0.113.5'), '203.0.113.5');
  assert.equal(
    clientAddress(gate, '10.0.0.1', '198.51.100.9, 203.0.113.5, 10.0.0.2'),
    '203.0.113.5',
    'addresses that the client itself sends do not count',
  );
  assert.equal(clientAddress(gate, '::ffff:10.0.0.1', ['203.0.113.5']), '203.0.113.5');
  assert.equal(clientAddress(gate, 'fd00::1', '2001:db8::5'), '2001:db8::5');
  assert.equal(clientAddress(gate, '203.0.113.7', '198.51.100.9'), '203.0.113.7');
  assert.equal(clientAddress(gate, '10.0.0.1', undefined), '10.0.0.1');
  assert.equal(clientAddress(gate, '10.0.0.1', 'unknown, _hidden'), '10.0.0.1');
});

test('a proxy that is not an address is refused by name', () => {
  for (const bad of ['proxy.example', '10.0.0.0/33', '10.0.0.0/x', '']) {
    assert.throws(
      () => openGate({ ...nothing, host: '0.0.0.0', trustedProxies: [bad] }),
      { code: 'invalid_option', message: /10\.0\.0\.0\/8/ },
      bad,
    );
  }
});
