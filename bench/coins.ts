/** Transfers a second through the ledger, in batches and one by one, spread and on one hot account, on both engines of the State. */
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { State } from '#core/ports/state.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { realClock } from '#house/real-clock.ts';
import { houseAccounts, openAccount, openAccounts, post, type Transfer, walletOf } from '#modules/coins/post.ts';
import { foldRollups } from '#modules/coins/store/accounts.ts';
import { type Desk, openDesk } from '#modules/coins/store/desk.ts';
import { coinsMigrations } from '#modules/coins/store/tables.ts';
import { peopleMigrations } from '#modules/people/store/tables.ts';
import { silentLog } from '#testkit/log.ts';
import { type Bench, median, type Report } from './bench.ts';
import { byHandSqlite, plainPostgres, plainSqlite, rate } from './coins-peers.ts';
import { pgbenchTpcb, withPostgresDatabase } from './pgbench.ts';

const rounds = 3;
const wallets = 1_000;
const batchSize = 100;
const hotWallet = walletOf('0');

type Pair = () => Pick<Transfer, 'debit' | 'credit'>;

const spread: Pair = () => {
  const debit = randomInt(wallets);
  return { debit: walletOf(String(debit)), credit: walletOf(String((debit + 1 + randomInt(wallets - 1)) % wallets)) };
};
/** All accounts pay the house: a rollup. */
const hotRollup: Pair = () => ({ debit: walletOf(String(randomInt(wallets))), credit: 'revenue:shop' });
/** All accounts pay the same person: a strict account, locked by each transfer. */
const hotStrict: Pair = () => ({ debit: walletOf(String(1 + randomInt(wallets - 1))), credit: hotWallet });

let nextKey = 0;

function countedKey(): string {
  nextKey += 1;
  return `${process.pid}-${nextKey}`;
}

function transfer(pair: Pair, kind: Transfer['kind'] = 'transfer', key = countedKey()): Transfer {
  return { scope: 'bench', key, kind, ...pair(), amount: 1, at: Date.now(), memo: '' };
}

export const bench: Bench = {
  name: 'coins',
  says: 'durable transfers a second through the ledger, on SQLite and on PostgreSQL, beside the same without our code',
  async run(report) {
    await benchEmbedded(report);
    await benchPostgres(report);
  },
};

async function benchEmbedded(report: Report): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-bench-'));
  const path = join(folder, 'kontor.db');
  const state = await openSqliteState({ path, clock: realClock, log: silentLog() });
  try {
    await openLedger(state);
    const batched = { clients: 16, aim: '≥ 100,000' };
    await benchState('embedded', state, report, batched);
    report.progress('embedded: the peers');
    report.figure({
      what: 'embedded: limit, the same rows by hand, no checks, 800 a commit',
      value: await byHandSqlite(path, wallets),
      unit: '/s',
    });
    report.figure({
      what: 'embedded: peer, two updates and a commit, no ledger',
      value: await plainSqlite(join(folder, 'plain.db'), wallets),
      unit: '/s',
    });
  } finally {
    await state.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchPostgres(report: Report): Promise<void> {
  await withPostgresDatabase(async (url) => {
    const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
    try {
      await openLedger(state);
      await benchState('PostgreSQL', state, report, { clients: 4, aim: '≥ 10,000' });
    } finally {
      await state.close();
    }
    report.progress('PostgreSQL: two updates a transaction');
    const plain = await plainPostgres(url, wallets);
    report.figure({ what: 'PostgreSQL: peer, two updates and a commit, no ledger', value: plain.spread, unit: '/s' });
    report.figure({ what: 'PostgreSQL: peer, two updates and a commit, one hot row', value: plain.hot, unit: '/s' });
    report.progress('PostgreSQL: pgbench');
    const tpcb = await pgbenchTpcb(url, { clients: 16, seconds: 4 });
    report.figure({ what: 'PostgreSQL: peer, pgbench TPC-B-like', value: tpcb, unit: '/s' });
  });
}

async function openLedger(state: State): Promise<void> {
  await state.migrate([...peopleMigrations, ...coinsMigrations]);
  const ids = Array.from({ length: wallets }, (_, index) => String(index));
  await state.write(async (queries) => {
    await openAccounts(queries, ['revenue:shop']);
    for (const owner of ids) await openAccount(queries, { owner, kind: 'wallet', mode: 'strict' });
    const grants = ids.map((id) => ({
      ...transfer(() => ({ debit: houseAccounts.mint, credit: walletOf(id) }), 'grant'),
      amount: 1_000_000,
    }));
    await post(queries, grants);
  });
}

/** Rounds of the cases alternate, so that other load on the machine affects all of them. */
async function benchState(name: string, state: State, report: Report, batched: { clients: number; aim: string }): Promise<void> {
  const desk = openDesk(state);
  const cases = {
    [`batches of ${batchSize}, spread`]: () => inBatches(state, batched.clients, spread),
    [`batches of ${batchSize}, spread, keys by chance`]: () => inBatches(state, batched.clients, spread, randomUUID),
    [`batches of ${batchSize}, one hot house account`]: () => inBatches(state, batched.clients, hotRollup),
    [`batches of ${batchSize}, one hot wallet`]: () => inBatches(state, batched.clients, hotStrict),
    'single at the desk, 256 clients, spread': () => atDesk(desk, 256, spread),
    'single at the desk, 256 clients, one hot house account': () => atDesk(desk, 256, hotRollup),
    'single at the desk, 256 clients, one hot wallet': () => atDesk(desk, 256, hotStrict),
    'single, a transaction each, 32 clients, spread': () => oneByOne(state, 32, spread),
    'single, a transaction each, 32 clients, one hot house account': () => oneByOne(state, 32, hotRollup),
    'single, a transaction each, 32 clients, one hot wallet': () => oneByOne(state, 32, hotStrict),
  };
  const rates = new Map<string, number[]>(Object.keys(cases).map((what) => [what, []]));
  for (let round = 1; round <= rounds; round += 1) {
    report.progress(`${name}: round ${round} of ${rounds}`);
    for (const [what, measure] of Object.entries(cases)) {
      rates.get(what)?.push(await measure());
      while ((await state.write(foldRollups)) > 0);
    }
  }
  await desk.close();
  const rateOf = (what: string) => median(rates.get(what) ?? []);
  for (const what of rates.keys()) {
    const isAimed = what === `batches of ${batchSize}, spread`;
    report.figure({ what: `${name}: ${what}`, value: rateOf(what), unit: '/s', ...(isAimed ? { aim: batched.aim } : {}) });
  }
  for (const way of [`batches of ${batchSize}`, 'single at the desk, 256 clients', 'single, a transaction each, 32 clients']) {
    for (const hot of ['one hot house account', 'one hot wallet']) {
      report.figure({
        what: `${name}: ratio, ${way}, ${hot}`,
        value: rateOf(`${way}, ${hot}`) / rateOf(`${way}, spread`),
        unit: '',
        aim: '≥ 0.7',
      });
    }
  }
}

function inBatches(state: State, clients: number, pair: Pair, newKey = countedKey): Promise<number> {
  return rate(clients, async () => {
    const transfers = Array.from({ length: batchSize }, () => transfer(pair, 'transfer', newKey()));
    const answers = await state.write((queries) => post(queries, transfers));
    return answers.filter(({ outcome }) => outcome === 'posted').length;
  });
}

function oneByOne(state: State, clients: number, pair: Pair): Promise<number> {
  return rate(clients, async () => {
    const one = transfer(pair);
    const [answer] = await state.write((queries) => post(queries, [one]));
    return Number(answer?.outcome === 'posted');
  });
}

function atDesk(desk: Desk, clients: number, pair: Pair): Promise<number> {
  return rate(clients, async () => Number((await desk.submit(transfer(pair))).outcome === 'posted'));
}
