/** The files of the browser app as clients receive them. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { RoleContext } from '#core/role.ts';
import { manualClock } from '#testkit/clock.ts';
import { recordingLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { webRole } from './static-web.ts';
import type { Web } from './types.ts';

const page = `<!doctype html><title>Kontor</title>${'<p>all hands</p>'.repeat(50)}`;
const script = `console.log(${JSON.stringify('ahoy '.repeat(200))})`;
const hashed = '/assets/index-B4x_9fQz.js';

function write(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

async function serve(t: TestContext, folder: string, ...others: readonly Web[]) {
  const log = recordingLog();
  const clock = manualClock();
  const service = await webRole({ folder }).start({ ports: { log, clock }, fail: assert.fail } as unknown as RoleContext);
  assert.ok(service.web);
  const server = await startTestWebServer(t, { webs: [service.web, ...others] });
  return { service, log, clock, get: (path: string, headers: Record<string, string> = {}) => server.send(path, { headers }) };
}

function builtApp(t: TestContext): string {
  const folder = temporaryFolder(t);
  write(folder, { 'index.html': page, [hashed]: script, 'favicon.svg': '<svg/>', 'logo.png': Buffer.alloc(2_000) });
  return folder;
}

const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

test('files have their media type; hashed ones are immutable, others are revalidated', async (t) => {
  const { get, service } = await serve(t, builtApp(t));
  assert.deepEqual(service.status(), { ready: true, says: 'serving 4 files' });
  const index = await get('/');
  assert.equal(index.text, page);
  assert.match(index.headers['content-type'] ?? '', /^text\/html/);
  assert.equal(index.headers['cache-control'], 'no-cache');
  const asset = await get(hashed);
  assert.equal(asset.text, script);
  assert.match(asset.headers['content-type'] ?? '', /^text\/javascript/);
  assert.equal(asset.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal((await get('/favicon.svg')).headers['content-type'], 'image/svg+xml');
  assert.equal((await get('/favicon.svg')).headers['cache-control'], 'no-cache');
});

test('an unchanged file is not sent again', async (t) => {
  const { get } = await serve(t, builtApp(t));
  const etag = String((await get('/')).headers.etag);
  const again = await get('/', { 'if-none-match': `"other", W/${etag}` });
  assert.equal(again.status, 304);
  assert.equal(again.bytes.byteLength, 0);
  assert.equal(again.headers.etag, etag);
  assert.equal((await get('/', { 'if-none-match': '"other"' })).status, 200);
});

test('text is compressed as the client accepts it, with an etag for each encoding', async (t) => {
  const { get } = await serve(t, builtApp(t));
  const brotli = await get(hashed, { 'accept-encoding': 'gzip, deflate, br' });
  assert.equal(brotli.headers['content-encoding'], 'br');
  assert.equal(String(brotliDecompressSync(brotli.bytes)), script);
  const gzip = await get(hashed, { 'accept-encoding': 'gzip, br;q=0' });
  assert.equal(gzip.headers['content-encoding'], 'gzip');
  assert.equal(String(gunzipSync(gzip.bytes)), script);
  const plain = await get(hashed, { 'accept-encoding': 'identity' });
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(plain.text, script);
  assert.equal(new Set([brotli, gzip, plain].map((answer) => answer.headers.etag)).size, 3);
  assert.equal(plain.headers.vary, 'accept-encoding');
  assert.equal(
    (await get('/logo.png', { 'accept-encoding': 'br' })).headers['content-encoding'],
    undefined,
    'images are compressed already',
  );
  assert.equal((await get('/favicon.svg', { 'accept-encoding': 'br' })).headers['content-encoding'], undefined, 'it would not be smaller');
});

test('files that the build compressed are sent unchanged', async (t) => {
  const folder = builtApp(t);
  const smaller = brotliCompressSync('/* by the build */');
  write(folder, { [`${hashed}.br`]: smaller });
  const { get } = await serve(t, folder);
  assert.equal(String(brotliDecompressSync((await get(hashed, { 'accept-encoding': 'br' })).bytes)), '/* by the build */');
  assert.equal((await get(`${hashed}.br`)).status, 404, 'it is not served by itself');
});

test('every path of a page is answered with the app; paths for programs are not', async (t) => {
  const { get } = await serve(t, builtApp(t));
  for (const path of ['/stocks/MSFT', '/de/stocks?range=1d', '/apiary', '/ready-made']) {
    const answer = await get(path, asBrowser);
    assert.equal(answer.status, 200, path);
    assert.equal(answer.text, page, path);
  }
  for (const path of ['/api/nothing', '/api', '/live', '/assets/index-gone1234.js']) {
    const answer = await get(path, asBrowser);
    assert.equal(answer.status, 404, path);
    assert.equal(answer.json().code, 'not_found');
  }
  assert.equal((await get('/stocks/MSFT', { accept: 'application/json' })).status, 404);
});

test('an area with a page of its own is answered with it, at every path below', async (t) => {
  const folder = builtApp(t);
  const own = page.replace('Kontor', 'Flights');
  write(folder, { 'flights.html': own });
  const { get } = await serve(t, folder);
  for (const path of ['/flights', '/flights/search?from=HAM']) assert.equal((await get(path, asBrowser)).text, own, path);
  for (const path of ['/', '/flightsome', '/de/flights']) assert.equal((await get(path, asBrowser)).text, page, path);
});

const hintFor = (path: string) => `<link rel="preload" as="fetch" crossorigin href="${path}">`;

/** A page that asks for these first. */
function asking(t: TestContext, ...paths: readonly string[]): string {
  const folder = temporaryFolder(t);
  write(folder, { 'index.html': `<head>${paths.map((path) => `\n    ${hintFor(path)}`).join('')}\n</head><body>Kontor</body>` });
  return folder;
}

function dataIn(html: string): Record<string, unknown> | undefined {
  const [, json] = /<script type="application\/json" id="first-data">(.*)<\/script>\n<\/body>$/s.exec(html) ?? [];
  return json === undefined ? undefined : JSON.parse(json);
}

test('a page has its first data in it, once a second the newest, and is then not kept by browsers', async (t) => {
  let names = ['</script><script>alert(1)</script><!--', '\u2028 $& "'];
  const routes: Web = { routes: (server) => void server.get('/api/names', async () => ({ names })) };
  const { get, clock } = await serve(t, asking(t, '/api/names?limit=2&amp;sort=new', '/api/names'), routes);
  const first = await get('/', asBrowser);
  assert.deepEqual(dataIn(first.text), { '/api/names?limit=2&sort=new': { names }, '/api/names': { names } });
  assert.equal(first.text.match(/<\/?script/g)?.length, 2, 'nothing in the data ends the element or begins another');
  assert.doesNotMatch(first.text, /<link/);
  assert.equal(first.headers['cache-control'], 'no-store');
  names = ['newer'];
  assert.equal((await get('/', asBrowser)).text, first.text);
  await clock.advance(1_000);
  assert.deepEqual(dataIn((await get('/', asBrowser)).text)?.['/api/names'], { names });
  const squeezed = await get('/', { ...asBrowser, 'accept-encoding': 'br' });
  assert.deepEqual(dataIn(String(brotliDecompressSync(squeezed.bytes)))?.['/api/names'], { names });
});

test('data that does not come at once, is refused or too large is asked for beside the app, as a page says it', async (t) => {
  const over = Promise.withResolvers<object>();
  const routes: Web = {
    routes(server) {
      server.get('/api/late', () => over.promise);
      server.get('/api/large', async () => ({ text: 'x'.repeat(40_000) }));
      server.get('/api/mine', async (_, reply) => reply.code(401).send({}));
      server.get('/api/small', async () => ({ is: 'there' }));
    },
  };
  const paths = ['/api/large', '/api/mine', '/api/nothing'];
  const some = await serve(t, asking(t, ...paths, '/api/small'), routes);
  const page = await some.get('/', asBrowser);
  assert.deepEqual(dataIn(page.text), { '/api/small': { is: 'there' } });
  assert.deepEqual(page.text.match(/<link[^>]*>/g), paths.map(hintFor));
  const none = await serve(t, asking(t, ...paths), routes);
  const unchanged = await none.get('/', asBrowser);
  assert.equal(dataIn(unchanged.text), undefined);
  assert.equal(unchanged.headers['cache-control'], 'no-cache');

  const late = await serve(t, asking(t, '/api/late', '/api/small'), routes);
  const waiting = late.get('/', asBrowser);
  await until(() => late.clock.sleeping() > 0, { describe: 'the page to wait for its data' });
  await late.clock.advance(100);
  const { text } = await waiting;
  assert.deepEqual([dataIn(text), text.match(/<link[^>]*>/g)], [{ '/api/small': { is: 'there' } }, [hintFor('/api/late')]]);
  over.resolve({});
});

test('no path leads out of the folder', async (t) => {
  const outside = temporaryFolder(t);
  write(outside, { 'secret.txt': 'secret', 'dist/index.html': page });
  const { get } = await serve(t, join(outside, 'dist'));
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '//secret.txt',
    '/..\\secret.txt',
  ]) {
    const answer = await get(path);
    assert.equal(answer.status, 404, path);
    assert.doesNotMatch(answer.text, /"secret"$|^secret$/);
  }
});

test('an app that is not built is reported, and served once it is built', async (t) => {
  const folder = join(temporaryFolder(t), 'dist');
  const { get, service, log } = await serve(t, folder);
  assert.equal(service.status().ready, false);
  assert.match(service.status().says, /npm run build/);
  assert.match(log.entries[0]?.message ?? '', /npm run build/);
  const missing = await get('/', asBrowser);
  assert.equal(missing.status, 503);
  assert.match(missing.text, /npm run build/);
  assert.equal((await get(hashed)).status, 404);
  write(folder, { 'index.html': page });
  assert.equal((await get('/', asBrowser)).text, page);
  assert.equal(service.status().ready, true);
});

test('a folder that is not a built app is refused at the start', async (t) => {
  const folder = builtApp(t);
  write(folder, Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`file${index}.txt`, ''])));
  await assert.rejects(serve(t, folder), { code: 'invalid_option', message: /more than 2000 files.*npm run build/ });
});
