/** The program as a process: opens, stops by signals, fails with one sentence, and shares a data folder with another. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import packageJson from '../../package.json' with { type: 'json' };

const program = fileURLToPath(new URL('./kontor.ts', import.meta.url));
/** What a program of the test gets of this one's environment. */
const passedOn = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(PATH|NODE_COMPILE_CACHE)$/.test(name)));
const linked = fileURLToPath(new URL('../../bin/kontor.js', import.meta.url));

interface Running {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  readonly out: { stdout: string; stderr: string };
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

interface StartOptions {
  readonly environment?: Record<string, string>;
  readonly node?: readonly string[];
  readonly userId?: number;
  /** With everything that a demonstration makes at its first start, as visitors get it. */
  readonly withDemo?: boolean;
}

const withoutDemo = { STOCK: 'MSFT,TSLA', STOCKS_HISTORY_MINUTES: '0', SHOP_DEMO_GOODS: 'off', FLIGHTS_DEMO_TIMETABLE: 'off' };

function start(
  t: TestContext,
  argv: readonly string[],
  { environment = {}, node = [program], userId, withDemo = false }: StartOptions = {},
): Running {
  const child = spawn(process.execPath, [...node, ...argv], {
    env: { ...passedOn, PORT: '0', LOG_FORMAT: 'json', ...(withDemo ? {} : withoutDemo), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(userId === undefined ? {} : { uid: userId, gid: userId }),
  });
  const out = { stdout: '', stderr: '' };
  child.stdout?.on('data', (text) => (out.stdout += text));
  child.stderr?.on('data', (text) => (out.stderr += text));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  t.after(() => child.kill('SIGKILL'));
  return { child, out, ended };
}

async function addressOf(house: Running): Promise<string> {
  const describeWait = () => `the house to open; it said: ${house.out.stdout}${house.out.stderr}`;
  return until(() => /"url":"([^"]+)"/.exec(house.out.stdout)?.[1], { describe: describeWait, timeoutMs: 60_000 });
}

async function openHouse(t: TestContext, options: StartOptions = {}, argv: readonly string[] = ['up']) {
  const house = start(t, argv, options);
  const url = await addressOf(house);
  return { ...house, url };
}

type Roles = Record<string, { ready: boolean; says: string }>;

async function rolesOf(url: string): Promise<Roles> {
  const response = await fetch(`${url}/ready`);
  return ((await response.json()) as { roles: Roles }).roles;
}

/** A client that began a request and never ends it: what a house that stops has to wait for. */
async function unfinishedRequest(t: TestContext, url: string): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  socket.write('POST /api/stocks/trades HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n');
  // Its "100 Continue" says that the request is under way.
  await once(socket, 'data');
}

/** Loaded when something first needs them, because memory and the time to start are scarce. */
const notLoadedAtStart = [
  ...[
    '@duckdb/node-api',
    '@fastify/swagger',
    '@platformatic/kafka',
    '@redis/client',
    'amqplib',
    'aws4fetch',
    'mongodb',
    'nodemailer',
    'pg',
  ],
  ...[
    'css-select',
    'css-what',
    'diff',
    'domhandler',
    'htmlparser2',
    'json-p3',
    'parse5',
    'parse5-htmlparser2-tree-adapter',
    're2js',
    'xpath',
  ],
  ...['@zxcvbn-ts/language-common', 'jose', 'pino-pretty', 'qrcode-generator'],
];
/** Tells on SIGUSR2 which packages the main thread has loaded so far. */
const tellPackages =
  `data:text/javascript,import{registerHooks}from"node:module";const names=new Set();registerHooks({resolve(name,context,next){
const found=next(name,context);names.add(/.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(found.url)?.[1]);return found}});
process.on("SIGUSR2",()=>console.error("loaded",JSON.stringify([...names]),"at start"))`.replaceAll('\n', '');

describe('kontor as a process', () => {
  it('opens every role with as few packages as it needs, answers, and closes in order when it is asked to', async (t) => {
    const environment = { DATA_DIR: join(temporaryFolder(t), 'books'), DEMO: 'on', STOCK: 'MSFT,TSLA', STOCKS_HISTORY_MINUTES: '0' };
    const house = await openHouse(t, { environment, node: ['--import', tellPackages, program], withDemo: true });
    const roles = await rolesOf(house.url);
    assert.ok(roles.auditor && roles['stocks-publisher'] && roles.all, JSON.stringify(roles));
    assert.match(house.out.stderr, /Kontor .* is open/);
    house.child.kill('SIGUSR2');
    const told = await until(() => /loaded (.+) at start/.exec(house.out.stderr)?.[1], { describe: () => `a list in ${house.out.stderr}` });
    const loaded = new Set(JSON.parse(told) as string[]);
    const others = Object.keys(packageJson.dependencies).filter((name) => !loaded.has(name));
    assert.deepEqual(others, notLoadedAtStart.sort());
    house.child.kill('SIGTERM');
    assert.equal(await house.ended, 0);
    assert.match(house.out.stdout, /the house is closed/);
  });

  it('runs the named roles alone', async (t) => {
    const house = await openHouse(t, { environment: { DATA_DIR: temporaryFolder(t) } }, ['run', 'auditor', 'relay']);
    assert.deepEqual(Object.keys(await rolesOf(house.url)).sort(), ['auditor', 'relay']);
    house.child.kill('SIGINT');
    assert.equal(await house.ended, 0);
  });

  it('waits for clients only within its time to stop', async (t) => {
    const house = await openHouse(t, { environment: { DATA_DIR: temporaryFolder(t), SHUTDOWN_TIMEOUT_MS: '10000' } });
    await unfinishedRequest(t, house.url);
    const askedAt = performance.now();
    house.child.kill('SIGTERM');
    assert.equal(await house.ended, 0, house.out.stderr);
    assert.ok(performance.now() - askedAt >= 500, 'it gave the client the time it had');
  });

  it('ends at once when it is asked a second time', async (t) => {
    const house = await openHouse(t, { environment: { DATA_DIR: temporaryFolder(t), SHUTDOWN_TIMEOUT_MS: '60000' } });
    await unfinishedRequest(t, house.url);
    house.child.kill('SIGINT');
    await until(() => house.out.stdout.includes('stopping; a second signal'), { describe: 'the first request to arrive' });
    const ended = await until(
      async () => {
        house.child.kill('SIGINT');
        return (await Promise.race([house.ended, undefined])) ?? house.child.exitCode;
      },
      { describe: 'the house to end' },
    );
    assert.equal(ended, 1);
    assert.match(house.out.stdout, /ending at once/);
  });

  it('takes a signal that arrives twice at once for one', async (t) => {
    const house = await openHouse(t, { environment: { DATA_DIR: temporaryFolder(t) } });
    // Two names, because a signal that is still on its way does not go twice.
    house.child.kill('SIGINT');
    house.child.kill('SIGTERM');
    assert.equal(await house.ended, 0);
  });

  it('names an uncaught error, and exits 1', async (t) => {
    const thrower = 'data:text/javascript,process.on("SIGUSR2",()=>{throw new Error("nobody expected this")})';
    const house = await openHouse(t, { environment: { DATA_DIR: temporaryFolder(t) }, node: ['--import', thrower, program] });
    house.child.kill('SIGUSR2');
    assert.equal(await house.ended, 1);
    assert.match(house.out.stdout, /uncaught error: ending/);
    assert.match(house.out.stdout, /nobody expected this/);
  });

  it('says which port is taken, and what to do', async (t) => {
    const squatter = createServer();
    squatter.listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    t.after(() => void squatter.close());
    const { port } = squatter.address() as { port: number };
    const house = start(t, ['up'], { environment: { DATA_DIR: temporaryFolder(t), PORT: String(port) } });
    assert.equal(await house.ended, 1);
    assert.match(house.out.stderr, new RegExp(`kontor: port ${port} on 127\\.0\\.0\\.1 is in use by another process.*PORT=`));
    assert.doesNotMatch(house.out.stderr, /\n {4}at /);
  });

  it('makes its data folder readable by its owner only', async (t) => {
    const folder = join(temporaryFolder(t), 'deep', 'books');
    const migrating = start(t, ['migrate'], { environment: { DATA_DIR: folder } });
    assert.equal(await migrating.ended, 0, migrating.out.stderr);
    const { statSync } = await import('node:fs');
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    const again = start(t, ['migrate'], { environment: { DATA_DIR: folder } });
    assert.equal(await again.ended, 0);
    assert.match(again.out.stdout, /on this version already/);
  });

  it('says what to do when the data folder cannot be written', async (t) => {
    const folder = join(temporaryFolder(t), 'books');
    mkdirSync(folder, { mode: 0o500 });
    chmodSync(join(folder, '..'), 0o755);
    chmodSync(folder, 0o555);
    // Root may write anywhere: become nobody for it.
    const userId = process.getuid?.() === 0 ? 65_534 : undefined;
    const house = start(t, ['up'], { environment: { DATA_DIR: folder }, ...(userId === undefined ? {} : { userId }) });
    assert.equal(await house.ended, 1, house.out.stderr);
    assert.match(
      house.out.stderr,
      /kontor: the data folder .* cannot be written: give this user the right to write it, or choose another folder with DATA_DIR/,
    );
  });

  it('says what to do when a file is in the place of the data folder', async (t) => {
    const house = start(t, ['up'], { environment: { DATA_DIR: program } });
    assert.equal(await house.ended, 2);
    assert.match(house.out.stderr, /because a file is in its place: .*DATA_DIR/);
  });

  it('stands by on a data folder that another house has, and takes over when that one is killed', async (t) => {
    const environment = { DATA_DIR: temporaryFolder(t) };
    const first = await openHouse(t, { environment });
    await until(async () => (await rolesOf(first.url)).auditor?.says.startsWith('active'), { describe: 'the first to be active' });
    const second = await openHouse(t, { environment });
    assert.equal((await rolesOf(second.url)).auditor?.says, 'standing by');
    first.child.kill('SIGKILL');
    assert.equal(await first.ended, 'SIGKILL');
    await until(async () => (await rolesOf(second.url)).auditor?.says.startsWith('active'), {
      describe: 'the second to take over',
      timeoutMs: 60_000,
    });
    second.child.kill('SIGTERM');
    assert.equal(await second.ended, 0);
  });

  it('audits a house that is open, and one that is closed', async (t) => {
    const environment = { DATA_DIR: temporaryFolder(t) };
    const house = await openHouse(t, { environment });
    const beside = start(t, ['audit', '--json'], { environment });
    assert.equal(await beside.ended, 0, beside.out.stdout + beside.out.stderr);
    assert.equal((JSON.parse(beside.out.stdout) as { holds: boolean }).holds, true);
    house.child.kill('SIGTERM');
    await house.ended;
    const alone = start(t, ['audit'], { environment });
    assert.equal(await alone.ended, 0, alone.out.stdout);
    assert.match(alone.out.stdout, /All \d+ laws hold\./);
  });

  it('changes the rate of an open house', async (t) => {
    const environment = { DATA_DIR: temporaryFolder(t) };
    const house = await openHouse(t, { environment });
    const change = start(t, ['stocks', 'rate', '250'], { environment });
    assert.equal(await change.ended, 0, change.out.stderr);
    assert.equal(change.out.stdout, '250 trades a second for each company\n');
    const response = await fetch(`${house.url}/api/stocks/rate`);
    assert.deepEqual(await response.json(), { tradesPerSecond: 250 });
    house.child.kill('SIGTERM');
    assert.equal(await house.ended, 0);
  });

  it('runs by the name that npm links, and hands signals and exit codes on', async (t) => {
    const house = await openHouse(t, { environment: { DATA_DIR: temporaryFolder(t) }, node: [linked] });
    house.child.kill('SIGTERM');
    assert.equal(await house.ended, 0);
    const refused = start(t, ['upp'], { node: [linked] });
    assert.equal(await refused.ended, 2);
  });
});
