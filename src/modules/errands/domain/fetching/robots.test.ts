/** robots.txt: the examples and rules of RFC 9309, and any text at all. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { maxRobotsBytes, parseRobots, robotsOf } from './robots.ts';

const example = `User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
`;

describe('robots.txt', () => {
  const robots = parseRobots(example);
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['foobot', '/example/page.html', true],
    ['foobot', '/example/allowed.gif', true],
    ['foobot', '/x', false],
    ['FooBot/2.1', '/x', false],
    ['barbot', '/example/page.html', false],
    ['bazbot', '/example/page.html', false],
    ['bazbot', '/example/other.html', true],
    ['quxbot', '/example/', true],
    ['other', '/picture.gif', false],
    ['other', '/picture.gif?big', true],
    ['other', '/example/x', false],
    ['other', '/publications/a', true],
    ['other', '/robots.txt', true],
  ];
  for (const [agent, path, allowed] of cases) {
    it(`${allowed ? 'allows' : 'forbids'} ${agent} ${path}`, () => assert.equal(robots.allows(path, agent), allowed));
  }

  it('takes the longest pattern, and of two as long the one that allows', () => {
    const two = parseRobots('user-agent: *\nallow: /example/page/\ndisallow: /example/page/disallowed.gif\nallow: /same\ndisallow: /same');
    assert.equal(two.allows('/example/page/disallowed.gif', 'x'), false);
    assert.equal(two.allows('/example/page/other.gif', 'x'), true);
    assert.equal(two.allows('/same/thing', 'x'), true);
  });

  it('knows stars, ends and percent codes', () => {
    const rules = parseRobots(
      'user-agent: *\ndisallow: /a*b$\ndisallow: /caf\u00e9\ndisallow: /foo/bar%3cq\ndisallow: /%7Ejoe/\ndisallow: /*?*sort=',
    );
    for (const path of ['/a-b', '/ab', '/axxbb', '/caf%C3%A9/x', '/caf%c3%a9', '/foo/bar%3Cq', '/~joe/x', '/list?page=1&sort=up'])
      assert.equal(rules.allows(path, 'x'), false, path);
    for (const path of ['/a-bc', '/cafe', '/joe/', '/list?page=1']) assert.equal(rules.allows(path, 'x'), true, path);
  });

  it('joins groups of one agent, and reads line ends, comments and marks of any kind', () => {
    const rules = parseRobots(
      '\uFEFFUSER-AGENT : kontor # we\r\nDISALLOW : /a # no\rsitemap: http://x/\nuser-agent: kontor\ndisallow: /b\ncrawl-delay: 2.5',
    );
    assert.equal(rules.allows('/a', 'Kontor'), false);
    assert.equal(rules.allows('/b', 'kontor'), false);
    assert.equal(rules.crawlDelayMs('kontor'), 2_500);
    assert.equal(rules.crawlDelayMs('other'), undefined);
  });

  it('follows the status: none there allows everything, a host in trouble nothing', () => {
    const forbidding = 'user-agent: *\ndisallow: /';
    assert.deepEqual(
      [200, 404, 403, 410, 429, 500, 503].map((status) => robotsOf(status, forbidding).allows('/x', 'kontor')),
      [false, true, true, true, false, false, false],
    );
  });

  it('reads the first 500 KiB', () => {
    const long = `user-agent: *\ndisallow: /first\n${'#'.repeat(maxRobotsBytes)}\ndisallow: /late\n`;
    assert.equal(parseRobots(long).allows('/first', 'x'), false);
    assert.equal(parseRobots(long).allows('/late', 'x'), true);
  });

  it('is quick on patterns that are slow to match', () => {
    const rules = parseRobots(`user-agent: *\ndisallow: /${'a*'.repeat(1_000)}b$\n`);
    assert.equal(rules.allows(`/${'a'.repeat(2_000)}`, 'x'), true);
  });

  it('takes any text', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('user-agent: *', 'disallow: /a', 'allow: /a*b$', 'disallow:', 'crawl-delay: x'));
    fc.assert(
      fc.property(fc.array(line), fc.string({ unit: 'binary' }), (lines, path) => {
        assert.equal(typeof parseRobots(lines.join('\n')).allows(`/${path}`, 'kontor'), 'boolean');
      }),
    );
  });

  it('matches as a regular expression of the pattern does', () => {
    const piece = fc.constantFrom('a', 'b', '/', '*', '$', '.');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 8 }), (pattern, path) => {
        const text = `/${pattern.join('')}`;
        const source = text.replace(/\$$/, '').replaceAll(/[.$/]/g, '\\$&').replaceAll('*', '.*');
        const expected = new RegExp(`^${source}${text.endsWith('$') ? '$' : ''}`).test(`/${path.join('')}`);
        assert.equal(parseRobots(`user-agent: *\ndisallow: ${text}`).allows(`/${path.join('')}`, 'x'), !expected);
      }),
    );
  });
});
