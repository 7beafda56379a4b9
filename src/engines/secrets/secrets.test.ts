/** Secrets: sealed for one place, by one key of the house, which is made once, kept, changed, and never mixed up with another. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import type { SealedColumn } from '#core/ports/secrets.ts';
import { placeOf } from '#core/ports/secrets.ts';
import type { State } from '#core/ports/state.ts';
import { manualClock } from '#testkit/clock.ts';
import { recordingLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { KeyRing } from './key-ring.ts';
import { openSecrets, type SecretsOptions, secretsMigrations } from './secrets.ts';

const column: SealedColumn = { table: 'thing', key: 'id', column: 'secret' };
const place = (id: string) => placeOf(column, id);
const [oldKey, newKey, otherKey] = ['o'.repeat(32), 'n'.repeat(32), 'x'.repeat(32)];

async function openBooks(t: TestContext) {
  const state = await temporaryState(t, [
    ...secretsMigrations,
    {
      id: 'thing-001',
      up: async (queries) => void (await sql`create table thing (id text primary key, secret text not null)`.execute(queries)),
    },
  ]);
  const log = recordingLog();
  const dataDir = join(temporaryFolder(t), 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const open = (options: Partial<SecretsOptions> = {}) =>
    openSecrets({
      keys: undefined,
      file: undefined,
      dataDir,
      mustExist: false,
      columns: [column],
      state,
      clock: manualClock(),
      log,
      ...options,
    });
  return { state, log, dataDir, open, keyFile: `${dataDir}.key` };
}

const put = (state: State, id: string, secret: string) =>
  state.write((queries) => sql`insert into thing values (${id}, ${secret})`.execute(queries));
const stored = (state: State) =>
  state.read(async (queries) => (await sql<{ id: string; secret: string }>`select * from thing order by id`.execute(queries)).rows);

describe('a sealed secret', () => {
  it('opens in its place only, and not when it was changed', () => {
    const ring = new KeyRing([oldKey]);
    const sealed = ring.seal('a/1', 'hidden');
    assert.doesNotMatch(sealed, /hidden/);
    assert.notEqual(ring.seal('a/1', 'hidden'), sealed, 'never the same twice');
    assert.equal(ring.open('a/1', sealed), 'hidden');
    assert.throws(() => ring.open('a/2', sealed), { code: 'storage_damaged' });
    const changed = sealed.slice(0, -3) + (sealed.at(-3) === 'A' ? 'B' : 'A') + sealed.slice(-2);
    assert.throws(() => ring.open('a/1', changed), { code: 'storage_damaged' });
    assert.throws(() => ring.open('a/1', sealed.slice(0, 30)), { code: 'storage_damaged' });
    assert.equal(new KeyRing([otherKey]).open('a/1', sealed), undefined);
    assert.equal(new KeyRing([newKey, oldKey]).open('a/1', sealed), 'hidden');
  });

  it('has a signature that belongs to its purpose and its key', () => {
    const ring = new KeyRing([newKey, oldKey]);
    const signature = new KeyRing([oldKey]).sign('cookie', 'ada');
    assert.ok(ring.signed('cookie', 'ada', signature));
    for (const [purpose, text] of [
      ['link', 'ada'],
      ['cookie', 'bob'],
    ] as const)
      assert.ok(!ring.signed(purpose, text, signature));
    assert.ok(!new KeyRing([otherKey]).signed('cookie', 'ada', signature));
  });
});

describe('the keys of a house', () => {
  it('are made once, beside the data folder, for their owner only', async (t) => {
    const { open, keyFile, log } = await openBooks(t);
    const [one, other] = await Promise.all([open().unlock(), open().unlock()]);
    assert.equal(statSync(keyFile).mode & 0o777, 0o600);
    assert.equal(other.open(place('1'), one.seal(place('1'), 'hidden')), 'hidden');
    assert.ok(log.entries.every(({ level }) => level !== 'warn'));
  });

  it('are made in the data folder where nothing can be written beside it, and the house says so', async (t) => {
    const { open, dataDir, log } = await openBooks(t);
    // With `.key` behind it, the name is too long for every user, also for root.
    const long = join(dataDir, 'd'.repeat(253));
    mkdirSync(long, { mode: 0o700 });
    const file = join(long, 'secrets.key');
    await open({ dataDir: long }).unlock();
    assert.ok(existsSync(file));
    assert.match(JSON.stringify(log.entries), /lies beside the books/);
    chmodSync(file, 0o644);
    await open({ dataDir: long }).unlock();
    assert.match(JSON.stringify(log.entries), /others may read the key/);
  });

  it('are not made by a command that looks at a house', async (t) => {
    const { open, keyFile } = await openBooks(t);
    await assert.rejects(open({ mustExist: true }).unlock(), { code: 'not_found', message: /SECRETS_FILE/ });
    assert.ok(!existsSync(keyFile));
  });

  it('must be the same in all processes: another key seals nothing', async (t) => {
    const { open, state } = await openBooks(t);
    await open({ keys: [oldKey] }).unlock();
    await assert.rejects(open({ keys: [otherKey] }).unlock(), { code: 'invalid_option', message: /same SECRETS_KEY/ });
    await assert.rejects(open().unlock(), { code: 'invalid_option' }, 'one that made its own');
    await open({ keys: [newKey, oldKey] }).unlock();
    await assert.rejects(open({ keys: [oldKey] }).unlock(), { code: 'invalid_option' }, 'one that missed the change');
    assert.deepEqual(await stored(state), []);
  });

  it('seal what an earlier version stored in clear', async (t) => {
    const { open, state } = await openBooks(t);
    for (let id = 0; id < 450; id++) await put(state, String(id), id === 7 ? '' : `hidden ${id}`);
    const seal = await open().unlock();
    const rows = await stored(state);
    assert.equal(rows.filter(({ secret }) => secret.startsWith('sealed:1:')).length, 449);
    for (const { id, secret } of rows) if (id !== '7') assert.equal(seal.open(place(id), secret), `hidden ${id}`);
  });

  it('are changed beside a running house, in the file that it keeps', async (t) => {
    const { open, state, keyFile } = await openBooks(t);
    const running = await open().unlock();
    await put(state, '1', running.seal(place('1'), 'hidden'));
    const before = readFileSync(keyFile, 'utf8');
    assert.equal(await open({ mustExist: true }).rotate(), 1);
    const [row] = await stored(state);
    assert.equal(running.open(place('1'), row?.secret ?? ''), 'hidden', 'it reads the new key');
    const [first = ''] = keysIn(before);
    assert.deepEqual(keysIn(readFileSync(keyFile, 'utf8')).slice(1), [first]);
    await put(state, '2', running.seal(place('2'), 'too'));
    assert.equal(await open().rotate(), 2);
    assert.ok(!readFileSync(keyFile, 'utf8').includes(first), 'the first key is gone');
    assert.equal((await open().unlock()).open(place('2'), (await stored(state))[1]?.secret ?? ''), 'too');
  });

  it('are changed in SECRETS_KEY, step by step', async (t) => {
    const { open, state } = await openBooks(t);
    const first = await open({ keys: [oldKey] }).unlock();
    await put(state, '1', first.seal(place('1'), 'hidden'));
    await open({ keys: [oldKey, newKey] }).unlock();
    assert.equal(await open({ keys: [newKey, oldKey] }).rotate(), 1);
    const last = await open({ keys: [newKey] }).unlock();
    assert.equal(last.open(place('1'), (await stored(state))[0]?.secret ?? ''), 'hidden');
    assert.throws(() => first.open(place('1'), last.seal(place('1'), 'x')), { code: 'invalid_option', message: /another key/ });
  });

  it('are not read from a file without any', async (t) => {
    const { open, keyFile } = await openBooks(t);
    writeFileSync(keyFile, '# nothing\n');
    await assert.rejects(open().unlock(), { code: 'unavailable', message: /no key in it/ });
  });
});

function keysIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}
