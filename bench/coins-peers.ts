/** What the ledger's figures stand beside: the plain two updates, and the ledger's own rows written by hand. */
import { randomInt } from 'node:crypto';
import pg from 'pg';
import { SqliteConnection } from '#engines/sqlite/connection.ts';

const roundMs = 1_500;

/** So many clients do it again and again; transfers a second. `work` resolves how many it made. */
export async function rate(clients: number, work: () => Promise<number>): Promise<number> {
  const startedMs = performance.now();
  const until = startedMs + roundMs;
  let made = 0;
  const client = async () => {
    while (performance.now() < until) {
      // Not `made += await …`: that would add to what it was before the wait.
      const more = await work();
      made += more;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return made / ((performance.now() - startedMs) / 1_000);
}

const takeCoin = 'update plain set coins = coins - 1 where id = ';
const giveCoin = 'update plain set coins = coins + 1 where id = ';

/** What a program without a ledger does: two balances and a commit, nothing refused and nothing written down. */
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

/** The same on PostgreSQL; and where everybody pays one account, which is locked by each until its commit is on the disk. */
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
    // In the order of their ids, so that no two wait for each other; the hot one is locked last.
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

/** The very rows of the ledger with prepared statements, as fast as they go in: what is left to be had beside our code. */
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
