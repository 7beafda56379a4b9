/** No form of a forbidden address gets through: written, resolved, redirected to, wrapped, or changed between check and connection. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { realClock } from '#house/real-clock.ts';
import { manualClock } from '#testkit/clock.ts';
import { defaultFetchLimits, type Fetch } from '../../ports/fetch.ts';
import { type NameServer, startNameServer } from '../../testing/name-server.ts';
import { portOf } from '../../testing/ports.ts';
import { Connections } from './connections.ts';
import { HostAddresses, resolveByDns } from './host-addresses.ts';
import { openFetch } from './http-fetch.ts';
import { askByHttp1 } from './http1.ts';
import type { Stopped } from './stopped.ts';
import type { Target } from './target.ts';
import { Watches } from './watches.ts';

/** Each is refused as the address of an order, and as where a redirect leads to. */
const forms: Readonly<Record<string, readonly string[]>> = {
  address_forbidden: [
    'http://127.0.0.1/',
    'http://127.0.0.1./',
    'http://127.1/',
    'http://127.0.1/',
    'http://127.255.255.254/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0x0.0x0.0x1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://0x7f.1/',
    'http://127%2e0.0.1/',
    'http://%31%32%37.0.0.1/',
    'http://１２７.０.０.１/',
    'http://127。0。0。1/',
    'http://①②⑦.0.0.1/',
    'http://0/',
    'http://0.0.0.0/',
    'http://0.1.2.3/',
    'http://10.0.0.1/',
    'http://10.255.255.255/',
    'http://100.64.0.1/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://169.254.169.254/latest/meta-data/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://0251.0376.0251.0376/',
    'http://169.254.170.2/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.0.0.192/',
    'http://192.0.2.1/',
    'http://192.88.99.1/',
    'http://192.168.0.1/',
    'http://198.18.0.1/',
    'http://198.51.100.1/',
    'http://203.0.113.1/',
    'http://224.0.0.1/',
    'http://239.255.255.255/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
    'http://4294967295/',
    'http://[::]/',
    'http://[::1]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[0000:0000:0000:0000:0000:0000:0000:0001]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::7f00:1]/',
    'http://[100::1]/',
    'http://[2001::1]/',
    'http://[2001:0:7f00:1::]/',
    'http://[2001:db8::1]/',
    'http://[2002:7f00:1::]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[3fff::1]/',
    'http://[5f00::1]/',
    'http://[fc00::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[ff02::1]/',
    'http://localhost/',
    'http://LOCALHOST/',
    'http://localhost./',
    'http://a.localhost/',
    'http://ⓛocalhost/',
    'http://intranet/',
    'http://printer.local/',
    'http://metadata.google.internal/computeMetadata/v1/',
    'http://router.home.arpa/',
  ],
  address_invalid: [
    'http://[fe80::1%25eth0]/',
    'http://[::1',
    'http://256.0.0.1/',
    'http://0x100000000/',
    'http://127.0.0.1.1/',
    'http:///127.0.0.1 /',
    'http://example.com\\@127.0.0.1/',
    'http://exam ple.com/',
    'http://example.com/\r\nX-Smuggled: 1',
    'http://example.com/\tx',
    'http://exa\u0000mple.com/',
    `http://example.com/${'x'.repeat(2_048)}`,
  ],
  userinfo_not_allowed: [
    'http://user@example.com/',
    'http://user:secret@example.com/',
    'http://example.com@127.0.0.1/',
    'http://127.0.0.1@example.com/',
  ],
  port_not_allowed: [
    'http://example.com:22/',
    'http://example.com:8080/',
    'http://example.com:0/',
    'https://example.com:25/',
    'http://127.0.0.1:6379/',
    'http://[::1]:5432/',
  ],
  scheme_not_allowed: [
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://127.0.0.1:6379/_INFO',
    'data:text/html,x',
    'javascript:alert(1)',
    'ws://example.com/',
    'dict://127.0.0.1:11211/stats',
    'ldap://127.0.0.1/',
    'blob:http://127.0.0.1/x',
    'unix:/var/run/docker.sock',
  ],
};

const flat = Object.entries(forms).flatMap(([reason, addresses]) => addresses.map((address) => ({ reason, address })));

/** What names resolve to; all are public names of one zone. */
const names: Readonly<Record<string, readonly string[]>> = {
  'loopback.example.com': ['127.0.0.1'],
  'private.example.com': ['10.1.2.3'],
  'metadata.example.com': ['169.254.169.254'],
  'zero.example.com': ['0.0.0.0'],
  'six.example.com': ['::1'],
  'mapped.example.com': ['::ffff:127.0.0.1'],
  'nat64.example.com': ['64:ff9b::7f00:1'],
  'sixtofour.example.com': ['2002:7f00:1::'],
  'unique-local.example.com': ['fd00::1'],
  'mixed.example.com': ['93.184.215.14', '127.0.0.1'],
  'mixed-families.example.com': ['93.184.215.14', '::1'],
  'multicast.example.com': ['224.0.0.251'],
};

describe('forbidden addresses', { timeout: 60_000 }, () => {
  let nameServer: NameServer;
  let redirecting: Server;
  let fetcher: Fetch;
  let port: number;
  /** Connections that reached the server which must not be reached. */
  let reached = 0;
  const secret = createTcpServer((socket) => {
    reached++;
    socket.destroy();
  });

  before(async () => {
    secret.listen(0, '127.0.0.1');
    await once(secret, 'listening');
    redirecting = createServer((request, response) => {
      const to = new URL(request.url ?? '', 'http://x').searchParams.get('to') ?? '';
      // Header values are bytes: what is not ASCII is sent as UTF-8.
      response.writeHead(302, { location: Buffer.from(to).toString('latin1') }).end();
    });
    redirecting.listen(0, '127.0.0.1');
    await once(redirecting, 'listening');
    port = portOf(redirecting);
    nameServer = await startNameServer((name, asked) => {
      // The first answer is public, and each one after it is not.
      if (name === 'rebinding.example.com') return asked === 1 ? ['93.184.215.14'] : ['127.0.0.1'];
      return names[name] ?? [];
    });
    fetcher = openFetch({
      clock: realClock,
      rules: { allow: [`127.0.0.1:${port}`], ports: [portOf(secret)] },
      resolve: resolveByDns([nameServer.address]),
    });
  });

  after(async () => {
    await fetcher.close();
    await nameServer.close();
    redirecting.closeAllConnections();
    redirecting.close();
    secret.close();
  });

  it('has at least sixty forms', () => assert.ok(flat.length >= 60));

  for (const { reason, address } of flat) {
    it(`refuses ${JSON.stringify(address).slice(0, 60)}`, async () => {
      const outcome = await fetcher.fetch({ method: 'GET', address });
      assert.equal(outcome.kind === 'refused' ? outcome.reason : JSON.stringify(outcome), reason);
    });
  }

  it('refuses each of them where a redirect leads to it', async () => {
    for (const { reason, address } of flat) {
      // The server cannot send line breaks and zeros, and a long address does not fit into the question either.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those that a header cannot hold
      if (/[\x00\r\n]/.test(address) || address.length > 500) continue;
      // Redirects are relative to where they come from; without a scheme of its own the first form is a path.
      const outcome = await fetcher.fetch({ method: 'GET', address: `http://127.0.0.1:${port}/?to=${encodeURIComponent(address)}` });
      assert.equal(outcome.kind === 'refused' ? outcome.reason : JSON.stringify(outcome), reason, address);
    }
  });

  it('refuses redirects that leave the scheme out', async () => {
    for (const to of ['//127.0.0.1/', '//[::1]/', '//localhost/', '//2130706433/']) {
      const outcome = await fetcher.fetch({ method: 'GET', address: `http://127.0.0.1:${port}/?to=${encodeURIComponent(to)}` });
      assert.equal(outcome.kind === 'refused' && outcome.reason, 'address_forbidden', to);
    }
  });

  for (const name of Object.keys(names)) {
    it(`refuses ${name}, which resolves to ${names[name]?.join(' and ')}`, async () => {
      for (const address of [`http://${name}/`, `http://${name}.:${portOf(secret)}/`, `http://127.0.0.1:${port}/?to=http://${name}/`]) {
        const outcome = await fetcher.fetch({ method: 'GET', address });
        assert.equal(outcome.kind === 'refused' ? outcome.reason : JSON.stringify(outcome), 'address_forbidden', address);
      }
    });
  }

  it('checks every answer of the DNS, also one that changes', async () => {
    const clock = manualClock();
    const hosts = new HostAddresses(clock, resolveByDns([nameServer.address]));
    assert.deepEqual(await hosts.of('rebinding.example.com', false), ['93.184.215.14']);
    // Kept for a moment: the fetches of that moment all use the address that was checked.
    assert.deepEqual(await hosts.of('rebinding.example.com', false), ['93.184.215.14']);
    await clock.advance(60_000);
    await assert.rejects(hosts.of('rebinding.example.com', false), (error: Stopped) => error.reason === 'address_forbidden');
  });

  it('connects to the address that was checked, whatever its name resolves to', async () => {
    const server = createServer((request, response) => response.end(`asked for ${request.headers.host}`));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const connections = new Connections();
    const url = new URL(`http://nowhere.example.com:${portOf(server)}/`);
    const watches = new Watches(realClock);
    const watch = watches.begin(defaultFetchLimits);
    const target: Target = {
      url,
      ip: '127.0.0.1',
      port: portOf(server),
      method: 'GET',
      headers: { host: url.host },
      body: undefined,
      limits: defaultFetchLimits,
      watch,
    };
    assert.equal((await askByHttp1(target, connections)).body.toString(), `asked for ${url.host}`);
    watches.end(watch);
    connections.destroy();
    server.close();
  });

  it('says so when there is no such name', async () => {
    const outcome = await fetcher.fetch({ method: 'GET', address: 'http://nobody.example.com/' });
    assert.equal(outcome.kind === 'failed' && outcome.reason, 'name_not_found');
  });

  it('looks at no proxy of the environment', async () => {
    const { http_proxy: proxy } = process.env;
    process.env.http_proxy = `http://127.0.0.1:${portOf(secret)}`;
    process.env.NODE_USE_ENV_PROXY = '1';
    const outcome = await fetcher.fetch({ method: 'HEAD', address: `http://127.0.0.1:${port}/?to=http://127.0.0.1/` });
    assert.equal(outcome.kind === 'refused' && outcome.reason, 'address_forbidden');
    delete process.env.NODE_USE_ENV_PROXY;
    if (proxy === undefined) delete process.env.http_proxy;
    else process.env.http_proxy = proxy;
  });

  it('sends only the headers of the list, and only plain lines', async () => {
    const cases: readonly (readonly [Record<string, string>, string])[] = [
      [{ Host: '127.0.0.1' }, 'header_not_allowed'],
      [{ 'transfer-encoding': 'chunked' }, 'header_not_allowed'],
      [{ 'content-length': '0' }, 'header_not_allowed'],
      [{ connection: 'upgrade' }, 'header_not_allowed'],
      [{ upgrade: 'websocket' }, 'header_not_allowed'],
      [{ 'proxy-authorization': 'x' }, 'header_not_allowed'],
      [{ cookie: 'a=b' }, 'header_not_allowed'],
      [{ authorization: 'Bearer x' }, 'header_not_allowed'],
      [{ 'x-forwarded-for': '127.0.0.1' }, 'header_not_allowed'],
      [{ 'Metadata-Flavor': 'Google' }, 'header_not_allowed'],
      [{ 'accept\r\nhost': 'x' }, 'header_not_allowed'],
      [{ ' accept': 'x' }, 'header_not_allowed'],
      [{ 'webhook-id': '1' }, 'header_not_allowed'],
      [{ accept: 'x\r\nHost: 127.0.0.1' }, 'header_invalid'],
      [{ accept: 'x\nX-Smuggled: 1' }, 'header_invalid'],
      [{ accept: 'x\u0000' }, 'header_invalid'],
      [{ accept: 'x\u010a' }, 'header_invalid'],
      [{ accept: 'x'.repeat(1_025) }, 'header_invalid'],
      [{ accept: 'a', Accept: 'b' }, 'header_not_allowed'],
    ];
    for (const [headers, reason] of cases) {
      const outcome = await fetcher.fetch({ method: 'GET', address: `http://127.0.0.1:${port}/`, headers });
      assert.equal(outcome.kind === 'refused' ? outcome.reason : outcome.kind, reason, JSON.stringify(headers).slice(0, 80));
    }
  });

  it('reached none of them', () => assert.equal(reached, 0));
});
