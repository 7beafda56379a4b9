/** What `kontor doctor` finds on a real machine, with what is wrong made on purpose. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Config } from '#config/options.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { readHouseConfig } from '../read-config.ts';
import { clockFindings, offsetFinding } from './clock.ts';
import { engineFindings } from './engines.ts';
import type { Finding } from './finding.ts';
import { machineFindings, memoryFinding, nodeFinding, openFilesFinding } from './machine.ts';
import { portFinding } from './port.ts';
import { refusedWrite, speedFinding, storageFindings } from './storage.ts';

const config = (environment: Record<string, string>): Config => readHouseConfig({ environment, flags: new Map() }).config;
const short = (findings: readonly Finding[]) => findings.map(({ about, verdict }) => [about, verdict]);

async function listening(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  return (server.address() as { port: number }).port;
}

describe('kontor doctor', () => {
  it('tells a free port from one that a house has, and from one that another program has', async (t) => {
    const other = await listening(
      t,
      createServer((socket) => socket.destroy()),
    );
    const taken = await portFinding({ host: '127.0.0.1', port: other });
    assert.deepEqual([taken.verdict, taken.advice?.includes(`PORT=${other + 1}`)], ['wrong', true]);
    const { port } = await startTestWebServer(t);
    const house = await portFinding({ host: '127.0.0.1', port });
    assert.deepEqual([house.verdict, house.says], ['good', `a house is open at http://127.0.0.1:${port}`]);
    assert.equal((await portFinding({ host: '127.0.0.1', port: 0 })).verdict, 'good');
    assert.match((await portFinding({ host: '192.0.2.1', port: 3000 })).says, /not an address of this machine/);
  });

  it('looks at the data folder, also where there is none yet, and leaves nothing in it', async (t) => {
    const folder = temporaryFolder(t);
    const made = await storageFindings({ dataDir: join(folder, 'deep', 'books') });
    assert.deepEqual(
      made.map(({ about }) => about),
      ['data folder', 'disk', 'writing'],
    );
    assert.match(made[0]?.says ?? '', /is made at the start/);
    assert.deepEqual(readdirSync(folder), []);
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o755);
    const [rights] = await storageFindings({ dataDir: open });
    assert.deepEqual([rights?.verdict, rights?.advice], ['doubtful', `chmod -R go= ${open}`]);
    writeFileSync(join(folder, 'file'), '');
    assert.deepEqual(short(await storageFindings({ dataDir: join(folder, 'file') })), [['data folder', 'wrong']]);
  });

  it('says what a refused write means', () => {
    const refused = (code: string) => refusedWrite('/books', Object.assign(new Error(code), { code })).says;
    assert.match(refused('EDQUOT'), /quota/);
    assert.match(refused('ENOSPC'), /full/);
    assert.match(refused('EROFS'), /read-only/);
    assert.equal(speedFinding([1, 400, 2, 3, 90]).verdict, 'good', 'one slow write means nothing');
    assert.equal(speedFinding([1, 400, 200, 300, 90]).verdict, 'doubtful');
  });

  it('judges Node, memory and open files', async () => {
    assert.deepEqual(
      (await machineFindings()).slice(0, 3).map(({ about }) => about),
      ['node', 'memory', 'open files'],
    );
    assert.deepEqual([nodeFinding('20.1.0').verdict, nodeFinding('26.0.0').verdict], ['wrong', 'good']);
    const megabytes = (count: number) => memoryFinding(count * 1_048_576).verdict;
    assert.deepEqual([megabytes(100), megabytes(300), megabytes(4_000)], ['wrong', 'doubtful', 'good']);
    const files = (limit: number) => openFilesFinding(limit).verdict;
    assert.deepEqual([files(100), files(1_024), files(1_048_576), files(Number.POSITIVE_INFINITY)], ['wrong', 'doubtful', 'good', 'good']);
  });

  it('asks every engine that an address names, and never repeats a password', async (t) => {
    assert.match((await engineFindings(config({})))[0]?.says ?? '', /embedded \(SQLite/);
    const memcached = await listening(
      t,
      createServer((socket) => socket.on('data', () => socket.end('VERSION 1.6.18\r\n'))),
    );
    const mail = await listening(
      t,
      createServer((socket) => socket.end('220 mail.example ready\r\n')),
    );
    // A port of which nobody listens any more.
    const gone = createServer();
    const goneAt = await listening(t, gone);
    gone.close();
    await once(gone, 'close');
    const findings = await engineFindings(
      config({
        STATE_URL: `postgres://me:hunter2@127.0.0.1:${goneAt}/books`,
        CACHE_URL: `memcached://127.0.0.1:${memcached}`,
        MAIL_URL: `smtp://127.0.0.1:${mail}`,
      }),
    );
    assert.deepEqual(short(findings), [
      ['STATE_URL', 'wrong'],
      ['CACHE_URL', 'good'],
      ['MAIL_URL', 'good'],
    ]);
    assert.match(findings[0]?.says ?? '', /ECONNREFUSED/);
    assert.match(findings[1]?.says ?? '', /memcached 1\.6\.18/);
    assert.doesNotMatch(JSON.stringify(findings), /hunter2/);
  });

  it('compares the clock with that of a web server', async (t) => {
    assert.deepEqual(short(await clockFindings(config({}), undefined)), [['clock', 'open']]);
    const server = createWebServer((_request, response) => response.setHeader('date', new Date(Date.now() + 60_000).toUTCString()).end());
    const port = await listening(t, server);
    const [ahead] = await clockFindings(config({}), `http://127.0.0.1:${port}`);
    assert.equal(ahead?.verdict, 'wrong');
    // Whole seconds, and half of a slow answer's time.
    assert.match(ahead?.says ?? '', /^(5[789]|6[0-3])\.\d s behind the clock of/);
    assert.deepEqual([offsetFinding('x', 500).verdict, offsetFinding('x', -3_000).verdict], ['good', 'doubtful']);
  });
});
