/** The peers of the ledger: two plain updates, and the ledger's rows written by hand. */
import { randomInt } from 'node:crypto';
import pg from 'pg';
import { SqliteConnection } from '#engines/sqlite/connection.ts';

const roundMs = 1_500;

/** Transfers a second with this many clients in a loop. `work` returns how many it made. */
export async function rate(clients: number, work: () => Promise<number>): Promise<number> {
  const startedMs = performance.now();
  const until = startedMs + roundMs;
  let made = 0;
  const client = async () => {
    while (performance.now() < until) {
      // Not `made += await …`, which would add to the value before the wait.
      const more = await work();
      made += more;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return made / ((performance.now() - startedMs) / 1_000);
}

const takeCoin = 'update plain set coins = coins - 1 where id = ';
const giveCoin = 'update plain set coins = coins + 1 where id = ';

/** A program without a ledger: updates two balances and commits, without checks or entries. */
export async function plainSqlite(path: string, accounts: number): Promise<number> {
  const connection = new SqliteConnection({ path });
  try {
    connection.exec('create table plain (id integer primary key, coins integer not null) strict');
    for (let id = 0; id < accounts; id += 1) connection.execute('insert into plain values (?, 1000000)', [id]);
    return await rate(1, async () => {
      const debit = randomInt(accounts);
      connection.exec('begin immediate');
      connection.execute(`${takeCoin}?`, [debit]);
      connection.execute(`${giveCoin}?`, [(debit + 1) % accounts]);
      connection.exec('commit');
      return 1;
    });
  } finally {
    connection.close();
  }
}

/** The same on PostgreSQL, also with one hot account, which each transfer locks until its commit is on disk. */
export async function plainPostgres(url: string, accounts: number): Promise<{ readonly spread: number; readonly hot: number }> {
  const clients = 16;
  const pool = new pg.Pool({ connectionString: url, max: clients });
  const transact = async (low: number, high: number) => {
    const client = await pool.connect();
    await client.query('begin');
    await client.query({ name: 'take', text: `${takeCoin}$1`, values: [low] });
    await client.query({ name: 'give', text: `${giveCoin}$1`, values: [high] });
    await client.query('commit');
    client.release();
    return 1;
  };
  try {
    await pool.query('create table plain (id integer primary key, coins bigint not null) with (fillfactor = 50)');
    await pool.query(`insert into plain select id, 1000000 from generate_series(0, ${accounts}) as id`);
    // In the order of ids, so that no two deadlock; the hot one is locked last.
    const spread = await rate(clients, async () => {
      const [low = 0, high = 0] = [randomInt(accounts), randomInt(accounts)].sort((a, b) => a - b);
      return transact(low, high);
    });
    const hot = await rate(clients, () => transact(randomInt(accounts), accounts));
    return { spread, hot };
  } finally {
    await pool.end();
  }
}

/** The ledger's rows inserted with prepared statements as fast as possible: the limit for the ledger's code. */
export async function byHandSqlite(path: string, accounts: number): Promise<number> {
  const transfersPerCommit = 800;
  const connection = new SqliteConnection({ path });
  try {
    const look = connection.prepare('select mode, posted, held, floor, entries, last_transfer from coins_account where id = ?');
    const change = connection.prepare(
      'update coins_account set posted = posted + ?, entries = entries + 1, last_transfer = ? where id = ?',
    );
    const write = connection.prepare(
      "insert into coins_request values (null, 'by hand', ?, ?, 'transfer', ?, ?, 1, null, '', 0, 1, 1, 1, 1, 1, 1)",
    );
    return await rate(1, async () => {
      connection.exec('begin immediate');
      for (let made = 0; made < transfersPerCommit; made += 1) {
        const debit = randomInt(accounts);
        const [from, to] = [`wallet:${debit}`, `wallet:${(debit + 1) % accounts}`];
        look.get(from);
        look.get(to);
        const { lastInsertRowid: id } = write.run(`${process.pid}-${performance.now()}-${made}`, Date.now(), from, to);
        change.run(-1, id, from);
        change.run(1, id, to);
      }
      connection.exec('commit');
      return transfersPerCommit;
    });
  } finally {
    connection.close();
  }
}
