/** An SQLite connection: cached statements, exact integers, and Kontor's error codes. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import { type ErrorCode, KontorError } from '#core/errors.ts';
import { manualClock } from '#testkit/clock.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { type ConnectionOptions, SqliteConnection, storageError, whenNotBusy } from './connection.ts';

function openFile(t: TestContext, options: Partial<ConnectionOptions> = {}): SqliteConnection {
  return openAgain(t, join(temporaryFolder(t), 'kontor.db'), options);
}

function openAgain(t: TestContext, path: string, options: Partial<ConnectionOptions> = {}): SqliteConnection {
  const connection = new SqliteConnection({ path, ...options });
  t.after(() => connection.close());
  return connection;
}

/** Expects a failure with this code, whose message names the file. */
function failsAs(code: ErrorCode, path: string, says: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof KontorError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, says);
    if (code !== 'conflict') assert.ok(error.message.includes(path), error.message);
    return true;
  };
}

const fillUp = 'insert into record (body) values (zeroblob(100000))';

describe('an SQLite connection', () => {
  it('uses the write-ahead log and syncs every commit, so that commits survive a power cut', (t) => {
    const connection = openFile(t);
    assert.deepEqual({ ...(connection.execute('pragma journal_mode').rows[0] as object) }, { journal_mode: 'wal' });
    assert.deepEqual({ ...(connection.execute('pragma synchronous').rows[0] as object) }, { synchronous: 2 });
  });

  it('keeps recently used statements, within a limit', (t) => {
    const connection = openFile(t);
    const used = connection.prepare('select 0');
    const unused = connection.prepare('select 1');
    for (let number = 2; number < 1_000; number += 1) {
      connection.prepare(`select ${number}`);
      assert.equal(connection.prepare('select 0'), used, `forgotten after ${number} others`);
    }
    assert.notEqual(connection.prepare('select 1'), unused);
  });

  it('compiles a statement once, whatever the limit that it is bound to', (t) => {
    const { mock } = t.mock.method(DatabaseSync.prototype, 'prepare');
    const connection = openFile(t);
    const numbers = 'with number (n) as (values (1), (2), (3)) select n from number where n > ? order by n limit ? offset ?';
    const ask = (...parameters: readonly number[]) => connection.execute(numbers, parameters).rows;
    ask(0, 1, 0);
    let compiled = 0;
    const database = mock.calls.at(-1)?.this as DatabaseSync;
    database.setAuthorizer(() => {
      compiled += 1;
      return constants.SQLITE_OK;
    });
    // A new authorizer makes it compile everything again.
    assert.deepEqual(ask(0, 2, 0), [{ n: 1 }, { n: 2 }]);
    const before = compiled;
    assert.deepEqual(ask(1, 1, 0), [{ n: 2 }]);
    assert.deepEqual(ask(0, 9, 1), [{ n: 2 }, { n: 3 }]);
    assert.ok(before > 0);
    assert.equal(compiled, before);
  });

  it('returns the rows of a statement, or the number of rows that it changed', (t) => {
    const connection = openFile(t);
    connection.exec('create table record (id integer primary key, word text)');
    assert.deepEqual(connection.execute("insert into record (word) values ('a'), ('b')"), { rows: [], changes: 2n });
    const { rows } = connection.execute('update record set word = ? returning id', ['c']);
    assert.deepEqual(
      rows.map((row) => ({ ...(row as object) })),
      [{ id: 1 }, { id: 2 }],
    );
  });

  it('returns plain rows with the current columns', (t) => {
    const connection = openFile(t);
    connection.execute('create table ship (name text, masts integer)');
    connection.execute("insert into ship values ('Kogge', 1)");
    const everything = 'select * from ship';
    assert.deepEqual(connection.execute(everything).rows, [{ name: 'Kogge', masts: 1 }]);
    connection.execute('alter table ship rename column masts to sails');
    assert.deepEqual(connection.execute(everything).rows, [{ name: 'Kogge', sails: 1 }]);
    connection.exec('alter table ship add column crew integer');
    assert.deepEqual(connection.execute(everything).rows, [{ name: 'Kogge', sails: 1, crew: null }]);
  });

  it('has a data version that changes on commits of others, not on its own', (t) => {
    const connection = openFile(t);
    const other = openAgain(t, connection.path);
    const before = connection.dataVersion();
    connection.exec('create table record (id integer)');
    assert.equal(connection.dataVersion(), before);
    other.exec('insert into record values (1)');
    assert.notEqual(connection.dataVersion(), before);
  });
});

describe('whole numbers', () => {
  it('are bound as integers, so that division is integer division', (t) => {
    const connection = openFile(t);
    const { rows } = connection.execute('select ? / ? as half, typeof(?) as type', [7, 2, 1]);
    assert.deepEqual({ ...(rows[0] as object) }, { half: 3, type: 'integer' });
  });

  it('up to 2^53 − 1 are exact', (t) => {
    const connection = openFile(t);
    for (const number of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      assert.deepEqual({ ...(connection.execute('select ? as number', [number]).rows[0] as object) }, { number });
    }
  });

  for (const number of [2 ** 53, -(2 ** 53) - 2, 2n ** 53n, 2n ** 80n, 1e300]) {
    it(`beyond that, such as ${typeof number} ${number}, are refused before they are stored`, (t) => {
      const connection = openFile(t);
      connection.exec('create table record (id)');
      assert.throws(() => connection.execute('insert into record values (?)', [number]), failsAs('invalid_input', '', /beyond 2\^53/));
      assert.deepEqual({ ...(connection.execute('select count(*) as count from record').rows[0] as object) }, { count: 0 });
    });
  }

  it('stored beyond that are refused when read, never rounded', (t) => {
    const connection = openFile(t);
    assert.throws(() => connection.execute('select 9007199254740993 as number'), failsAs('internal', connection.path, /beyond 2\^53/));
  });
});

describe('a failure of the storage', () => {
  it('a full disk: storage_full, and writes continue when there is room', (t) => {
    const connection = openFile(t);
    connection.exec('create table record (body blob); pragma max_page_count = 10');
    assert.throws(() => connection.execute(fillUp), failsAs('storage_full', connection.path, /is full: make room/));
    connection.exec('pragma max_page_count = 1000');
    assert.equal(connection.execute(fillUp).changes, 1n);
  });

  it('a read-only connection: storage_read_only', (t) => {
    const connection = openFile(t);
    connection.exec('create table record (body blob)');
    const reader = openAgain(t, connection.path, { readOnly: true });
    assert.throws(() => reader.execute(fillUp), failsAs('storage_read_only', connection.path, /cannot be written.*DATA_DIR/));
  });

  it('a missing folder: storage_read_only, and nothing is created', (t) => {
    const path = join(temporaryFolder(t), 'nowhere', 'kontor.db');
    assert.throws(() => new SqliteConnection({ path }), failsAs('storage_read_only', path, /cannot be opened or created.*DATA_DIR/));
    assert.equal(existsSync(path), false);
  });

  it('a folder that this user may not write: storage_read_only', (t) => {
    if (process.getuid?.() === 0) return t.skip('root may write everywhere');
    const folder = temporaryFolder(t);
    chmodSync(folder, 0o500);
    t.after(() => chmodSync(folder, 0o700));
    const path = join(folder, 'kontor.db');
    assert.throws(() => new SqliteConnection({ path }), failsAs('storage_read_only', path, /cannot be opened or created/));
    return undefined;
  });

  it('a file that is not a database: storage_damaged, and the file is unchanged', (t) => {
    const path = join(temporaryFolder(t), 'kontor.db');
    writeFileSync(path, 'this is a shopping list\n'.repeat(500));
    const before = readFileSync(path);
    assert.throws(() => new SqliteConnection({ path }), failsAs('storage_damaged', path, /restore it from a backup/));
    assert.deepEqual(readFileSync(path), before);
  });

  it('damage in the middle: storage_damaged when it is read', (t) => {
    const connection = openFile(t);
    connection.exec('create table record (body blob)');
    for (let count = 0; count < 100; count += 1) connection.execute('insert into record values (zeroblob(1000))');
    connection.close();
    const bytes = readFileSync(connection.path);
    bytes.fill(0xa5, 4_096, 12_288);
    writeFileSync(connection.path, bytes);
    const damaged = openAgain(t, connection.path);
    assert.throws(
      () => damaged.execute('select sum(length(body)) from record'),
      failsAs('storage_damaged', connection.path, /is damaged .*restore it from a backup/),
    );
  });

  it('a violated constraint: conflict, and the detail names it', (t) => {
    const connection = openFile(t);
    connection.exec('create table person (email text unique, age integer constraint grown_up check (age > 17))');
    connection.execute('insert into person values (?, ?)', ['a@b.de', 20]);
    for (const [values, field] of [
      [['a@b.de', 20], 'person.email'],
      [['c@d.de', 5], 'grown_up'],
    ] as const) {
      assert.throws(
        () => connection.execute('insert into person values (?, ?)', values),
        (error: unknown) => {
          assert.ok(error instanceof KontorError && error.code === 'conflict');
          assert.deepEqual(
            error.details.map((detail) => detail.field),
            [field],
          );
          return true;
        },
      );
    }
  });

  it('other errors are returned unchanged', (t) => {
    const connection = openFile(t);
    assert.throws(() => connection.exec('selct 1'), /syntax error/);
    const own = new RangeError('mine');
    assert.equal(storageError(own, connection.path), own);
    assert.equal(storageError('text', connection.path), 'text');
  });
});

describe('whenNotBusy', () => {
  it('waits without blocking until the lock is released', async (t) => {
    const connection = openFile(t);
    const other = openAgain(t, connection.path);
    other.exec('begin immediate');
    const clock = manualClock();
    const gained = whenNotBusy(clock, 1_000, () => connection.exec('begin immediate'));
    await clock.advance(500);
    assert.equal(connection.inTransaction, false);
    other.exec('rollback');
    await clock.advance(100);
    await gained;
    assert.equal(connection.inTransaction, true);
  });

  it('gives up with storage_busy when its time is up', async (t) => {
    const connection = openFile(t);
    openAgain(t, connection.path).exec('begin immediate');
    const clock = manualClock();
    const refused = assert.rejects(
      whenNotBusy(clock, 1_000, () => connection.exec('begin immediate')),
      failsAs('storage_busy', connection.path, /Another process holds .* locked/),
    );
    await clock.advance(1_000);
    await refused;
    assert.equal(clock.monotonicMs(), 1_000);
  });

  it('does not retry other failures', async () => {
    let attempts = 0;
    const failing = whenNotBusy(manualClock(), 1_000, () => {
      attempts += 1;
      throw new KontorError('storage_full', 'no room');
    });
    await assert.rejects(failing, /no room/);
    assert.equal(attempts, 1);
  });
});
