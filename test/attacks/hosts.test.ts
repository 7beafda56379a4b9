/** A request decides nowhere what the house is called: links in letters, answers and sockets go by what the operator named. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { openOutboxMail } from '#engines/mail/outbox.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import { linksWarning } from '#house/settings.ts';
import { sendBytes } from '#testkit/web-server.ts';
import { openWorld, type World } from './world.ts';

/** Every way in which a request can claim to be for another host. `%` stands for the port. */
const claims: readonly (readonly string[])[] = [
  ['GET /livez HTTP/1.1', 'Host: evil.example'],
  ['GET /livez HTTP/1.1', 'Host: evil.example:%'],
  ['GET /livez HTTP/1.1', 'Host: 127.0.0.1.evil.example'],
  ['GET /livez HTTP/1.1', 'Host: localhost@evil.example'],
  ['GET /livez HTTP/1.1', 'Host: 127.0.0.1:%', 'Host: evil.example'],
  ['GET /livez HTTP/1.1', 'Host: evil.example', 'Host: 127.0.0.1:%'],
  ['GET http://evil.example/livez HTTP/1.1', 'Host: 127.0.0.1:%'],
  ['GET /livez HTTP/1.1', 'Host: 127.0.0.1:%', 'X-Forwarded-Host: evil.example'],
  ['GET /livez HTTP/1.1', 'Host: 127.0.0.1:%', 'X-Forwarded-Host: 127.0.0.1, evil.example'],
  ['GET /livez HTTP/1.1', 'Host: 127.0.0.1:%', 'X-Forwarded-Host: 127.0.0.1', 'X-Forwarded-Host: evil.example'],
  ['GET /livez HTTP/1.1', 'Host: 127.0.0.1:%', 'Forwarded: for=203.0.113.1;host=evil.example'],
  ['GET /livez HTTP/1.1', 'Host: 127.0.0.1:%', 'Forwarded: for=203.0.113.1, for=203.0.113.2; HOST="evil.example:80"'],
  ['GET /livez HTTP/1.1', 'Host: 127.0.0.1:%', 'X-Original-Host: evil.example'],
  ['GET /livez HTTP/1.1', 'Host: 127.0.0.1:%', 'X-Host: evil.example'],
  ['GET /livez HTTP/1.1', 'Host: 127.0.0.1:%', 'X-HTTP-Host-Override: evil.example'],
];

/** The status line of an answer to a request written by hand. */
async function statusOf(port: number, lines: readonly string[]): Promise<string> {
  const answer = await sendBytes(port, `${lines.join('\r\n').replaceAll('%', String(port))}\r\nConnection: close\r\n\r\n`);
  return answer.split('\r\n', 1)[0] ?? '';
}

const houses: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a house on this machine': {},
  'a house behind a proxy': { TRUSTED_PROXIES: '127.0.0.1', ALLOWED_HOSTS: 'kontor.example' },
  'a house behind a proxy that names none of its hosts': { TRUSTED_PROXIES: '127.0.0.1' },
  'a house that knows its address': { TRUSTED_PROXIES: '127.0.0.1', PUBLIC_URL: 'https://house.example', ALLOWED_HOSTS: 'house.example' },
};

/** What each line of a letter with a token begins with. */
const links: Readonly<Record<string, RegExp>> = {
  'a house on this machine': /^http:\/\/127\.0\.0\.1:\d+\/account\/open#/m,
  'a house behind a proxy': /^https:\/\/kontor\.example\/account\/open#/m,
  'a house behind a proxy that names none of its hosts': /^\/account\/open#/m,
  'a house that knows its address': /^https:\/\/house\.example\/account\/open#/m,
};

for (const [name, environment] of Object.entries(houses)) {
  describe(name, { timeout: 300_000 }, () => {
    it('answers no request that claims another host, in whichever way', async (t) => {
      const { port } = await open(t);
      const answered: string[] = [];
      for (const lines of claims) {
        const status = await statusOf(port, lines);
        if (!/^HTTP\/1\.1 (400|403) /.test(status)) answered.push(`${lines.join(' | ')}: ${status}`);
      }
      assert.deepEqual(answered, []);
      assert.match(await statusOf(port, ['GET /livez HTTP/1.1', 'Host: 127.0.0.1:%']), /^HTTP\/1\.1 200 /);
    });

    it('writes no letter with a link to a host that only the request named', async (t) => {
      const world = await open(t);
      for (const headers of [{}, { 'x-forwarded-host': 'evil.example' }, { forwarded: 'host=evil.example' }, { host: 'evil.example' }])
        await world.ask('POST', '/api/people/sign-up', { body: { email: 'ada@example.org', name: 'Ada' }, headers });
      const mail = openOutboxMail({ clock: realClock, random: realRandom });
      const letters = await world.state.read(async (queries) => (await mail.kept?.(queries, 100)) ?? []);
      assert.equal(letters.length, 1);
      const text = letters[0]?.text ?? '';
      assert.match(text, links[name] ?? /never/);
      assert.ok(!text.includes('evil'), text);
    });
  });

  function open(t: TestContext): Promise<World> {
    return openWorld(t, { roles: ['people'], environment: { DEMO: 'off', ...environment } });
  }
}

it('a house that cannot tell how people reach it says so at the start, and others do not', () => {
  const warned = Object.entries(houses)
    .filter(([, environment]) => linksWarning(readHouseConfig({ environment, flags: new Map() }).config) !== undefined)
    .map(([name]) => name);
  assert.deepEqual(warned, ['a house behind a proxy that names none of its hosts']);
});
