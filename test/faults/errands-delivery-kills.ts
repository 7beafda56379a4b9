/** kill -9 of instances of errands-delivery and of the client that saves their results, again and again while results arrive. */
import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { mailMigrations } from '#engines/mail/letters-table.ts';
import { realClock } from '#house/real-clock.ts';
import { deliver } from '#modules/errands/testing/delivery-world.ts';
import { openErrandsWorld } from '#modules/errands/testing/errands-world.ts';
import { peopleMigrations } from '#modules/people/store/tables.ts';
import { rounds } from '#testkit/rounds.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';

const program = fileURLToPath(new URL('../../bin/kontor.js', import.meta.url));
const instance = fileURLToPath(import.meta.resolve('#modules/errands/testing/delivery-main.ts'));
const repetitions = 100_000;
const maxWaitMs = 120_000;

/** `place` is where other processes find the State: a path, or an address of PostgreSQL. */
export async function killDuringDelivery(t: TestContext, state: State, place: string): Promise<void> {
  await state.migrate([...mailMigrations, ...peopleMigrations]);
  const world = await openErrandsWorld(state);
  // The instances go by the real time.
  world.clock.setNow(realClock.now());
  await world.customer('anna', repetitions);
  const receiver = await startReceiver(t);
  const order = await world.order('anna', repetitions, { webhook: receiver.address });
  const folder = join(temporaryFolder(t), 'saved');
  const random = seededRandom(13);
  let delivered = 0;
  const deliverSome = async () => {
    const pages = Array.from({ length: 1 + random.int(15) }, (_, index) => ({ page: `page ${delivered + index + 1}` }));
    await deliver(world, order, pages);
    delivered += pages.length;
  };

  const start = () => startInstance(t, place, receiver.host);
  const instances = await Promise.all([start(), start()]);
  const addresses = () => instances.map(({ port }) => `http://127.0.0.1:${port}`).join(',');
  const saved = () => (existsSync(join(folder, 'index.jsonl')) ? statSync(join(folder, 'index.jsonl')).size : 0);
  let client = startClient(t, folder, addresses());
  await rounds(t, { what: 'kills', seconds: 8, slowestRoundSeconds: 8 }, async (round) => {
    const before = saved();
    for (let count = 0; count < 3; count += 1) await deliverSome();
    await until(() => saved() > before, { timeoutMs: maxWaitMs, describe: () => `results to be saved; it said ${client.said()}` });
    const victim = round % 3;
    const hit = instances[victim];
    if (hit !== undefined) {
      await kill(hit.child);
      instances[victim] = await start();
    }
    // The client knows the addresses of its start: it goes on with those that are there now.
    await kill(client.child);
    client = startClient(t, folder, addresses());
  });
  await deliverSome();
  await kill(client.child);
  const last = startClient(t, folder, addresses(), '--once');
  await once(last.child, 'close');
  expectAllSaved(folder, delivered);
  await until(() => receiver.seen.size === delivered, {
    timeoutMs: maxWaitMs,
    describe: () => `${delivered} webhooks; ${receiver.seen.size} came`,
  });
  assert.deepEqual(
    [...receiver.seen.keys()],
    Array.from({ length: delivered }, (_, index) => `${order}-${index + 1}`),
    'in their order',
  );
}

/** Only when it has ended may another one save into its folder. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}

/** Every result has one line, in order, and its file; and each of these that was withdrawn has one more line. */
export function expectAllSaved(folder: string, count: number, withdrawn: readonly number[] = []): void {
  const lines = readFileSync(join(folder, 'index.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ feed }) => feed),
    Array.from({ length: count + withdrawn.length }, (_, index) => index + 1),
  );
  const notices = lines.filter(({ withdraws }) => withdraws !== null);
  assert.deepEqual(
    notices.map(({ outcome, withdraws, file }) => [outcome, withdraws, file]),
    withdrawn.map((number) => ['withdrawn', number, null]),
  );
  const results = lines.filter(({ withdraws }) => withdraws === null);
  // A result that was withdrawn before it was asked for has no file.
  const saved = [...results.entries()].filter(([, { outcome, number }]) => outcome === 'delivered' || !withdrawn.includes(number));
  for (const [index, { file }] of saved) assert.equal(readFileSync(join(folder, file), 'utf8'), `page ${index + 1}`);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.html|\.part/.test(entry.name),
  );
  assert.equal(files.length, saved.length, 'no unfinished file is left');
}

export function startClient(
  t: TestContext,
  folder: string,
  url: string,
  ...flags: readonly string[]
): { child: ChildProcess; said(): string } {
  const child = spawn(process.execPath, [program, 'errands', 'fetch', '--to', folder, ...flags], {
    env: { ...process.env, KONTOR_URL: url, KONTOR_TOKEN: 'kontor_pat_anna' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk) => {
      said += chunk;
    });
  }
  return { child, said: () => said };
}

async function startInstance(t: TestContext, place: string, receiver: string): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(instance, [place, receiver], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  t.after(() => child.kill('SIGKILL'));
  const [port] = (await once(child, 'message')) as [number];
  return { child, port };
}

/** How often each webhook came, by its id, in the order in which they first came. */
async function startReceiver(t: TestContext) {
  const seen = new Map<string, number>();
  const server = createServer((request, response) => {
    const id = String(request.headers['webhook-id']);
    request.resume();
    request.on('end', () => {
      seen.set(id, (seen.get(id) ?? 0) + 1);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { seen, host, address: `http://${host}/hook` };
}
