/** The aggregator on the embedded engines: every trade counted once, whichever process stops, interferes, or lost its last moments. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import { BrokenInvariant, KontorError } from '#core/errors.ts';
import type { ConsumeOptions } from '#core/ports/stream.ts';
import { until } from '#testkit/until.ts';
import { tradesTopic } from '../domain/settings.ts';
import { encodeTrades } from '../domain/trades.ts';
import type { Batch, Cursor } from '../ports/results.ts';
import { applicationFor, simulatedRecords } from '../testing/results-model.ts';
import { type Life, type Market, openMarket, stocksOptions } from '../testing/stocks-market.ts';
import { aggregatorRole } from './aggregator.ts';

const company = 'MSFT';
const options = stocksOptions({ batchSize: 10 });

/** Publishes simulated trades up to `upTo`, in frames of so many. */
async function publish({ ports: { stream } }: Life, upTo: number, frameTrades: number, of = company): Promise<void> {
  const end = (await stream.end(tradesTopic, of)) ?? 0;
  for (let done = end; done < upTo; done += frameTrades) {
    const records = simulatedRecords(done, Math.min(frameTrades, upTo - done));
    await stream.publish(tradesTopic, of, { first: done + 1, count: records.length, body: encodeTrades(records) });
  }
}

interface Books {
  readonly cursor: Cursor | undefined;
  readonly batches: readonly Batch[];
}

async function booksOf({ ports: { results } }: Life, of = company): Promise<Books> {
  return { cursor: await results.load(of), batches: await results.batchesAfter(of, 0, 1_000) };
}

/** The result of counting trade by trade. */
function expectedBooks(trades: number, of = company): Books {
  const { cursor, batches } = applicationFor(of, undefined, simulatedRecords(0, trades), options);
  return { cursor, batches };
}

async function counted(life: Life, position: number, of = company): Promise<void> {
  await until(async () => (await life.ports.results.load(of))?.position === position, { describe: `${of} to be counted to ${position}` });
}

describe('the aggregator', () => {
  it('closes exact batches, and goes on in the middle of one after each restart', async (t) => {
    const market = openMarket(t, options);
    let upTo = 0;
    for (const more of [3, 44, 120, 1]) {
      const life = await market.live();
      upTo += more;
      await publish(life, upTo - 1, 7);
      await life.start(aggregatorRole(options));
      await counted(life, upTo - 1);
      await publish(life, upTo, 1);
      await counted(life, upTo);
      assert.deepEqual(await booksOf(life), expectedBooks(upTo));
      assert.deepEqual(life.failures, []);
      await life.end();
    }
  });

  it('counts every trade once when another takes over the companies of an aggregator that only seems dead', async (t) => {
    const market = openMarket(t, options);
    const [first, second] = [await market.live(), await market.live()];
    for (const code of ['MSFT', 'LHA', 'SAP']) await publish(first, 105, 10, code);
    const one = await first.start(aggregatorRole(options));
    const two = await second.start(aggregatorRole(options));
    await until(() => one.status().says !== 'standing by' && two.status().says !== 'standing by', { describe: 'both to have companies' });
    for (const code of ['MSFT', 'LHA', 'SAP']) await publish(first, 230, 10, code);
    first.holder.bury();
    for (const code of ['MSFT', 'LHA', 'SAP']) {
      await publish(second, 333, 10, code);
      await counted(second, 333, code);
      assert.deepEqual(await booksOf(second, code), expectedBooks(333, code));
    }
    await until(() => two.status().says === 'counting 3 companies', { describe: () => two.status().says });
  });

  it('reads again where another aggregator was faster', async (t) => {
    const market = openMarket(t, options);
    const life = await market.live();
    await publish(life, 15, 5);
    await life.start(aggregatorRole(options));
    await counted(life, 15);
    // the other one counts trades that this one is not shown before: what it remembers is stale then
    const rival = applicationFor(company, (await life.ports.results.load(company)) as Cursor, simulatedRecords(15, 8), options);
    assert.equal(await life.ports.results.apply(rival), 'stored');
    // one frame, after which nothing comes that would show a hole
    await publish(life, 42, 27);
    await counted(life, 42);
    assert.deepEqual(await booksOf(life), expectedBooks(42));
  });

  it('continues where another aggregator left a company that it had before, although the frames in between are gone', async (t) => {
    const market = openMarket(t, options, { keepMs: 0, keepBytes: 0 });
    const [first, second] = [await market.live(), await market.live()];
    await publish(first, 15, 5);
    const aggregator = await first.start(aggregatorRole(options));
    await counted(first, 15);
    first.holder.bury();
    const neighbour = await second.start(aggregatorRole(options));
    await until(() => neighbour.status().says === 'counting 1 company' && aggregator.status().says === 'standing by', {
      describe: 'the neighbour to take over',
    });
    await publish(second, 64, 7);
    await counted(second, 64);
    await until(() => market.tape(company).length === 0, { describe: 'the frames to be removed' });
    await second.end();
    await publish(first, 99, 7);
    await counted(first, 99);
    assert.deepEqual(await booksOf(first), expectedBooks(99));
  });

  it('counts up again from the frames that are kept when the results lost their last moments, or all', async (t) => {
    const market = openMarket(t, options);
    const life = await market.live();
    await publish(life, 64, 8);
    await life.start(aggregatorRole(options));
    await counted(life, 64);
    const backup = await tablesOf(life);
    await publish(life, 135, 8);
    await counted(life, 135);
    await life.end();
    for (const restored of [backup, []]) {
      const next = await market.live();
      await restore(next, restored);
      await next.start(aggregatorRole(options));
      await publish(next, ((await next.ports.stream.end(tradesTopic, company)) ?? 0) + 1, 1);
      const end = (await next.ports.stream.end(tradesTopic, company)) ?? 0;
      await counted(next, end);
      assert.deepEqual(await booksOf(next), expectedBooks(end));
      await next.end();
    }
  });

  it('says which trades it needs when the stream does not keep them any more', async (t) => {
    const market = openMarket(t, options, { keepMs: 0, keepBytes: 0 });
    const life = await market.live();
    await publish(life, 64, 8);
    await life.start(aggregatorRole(options));
    await counted(life, 64);
    await until(() => market.tape(company).length === 0, { describe: 'the frames to be removed' });
    await life.end();
    const next = await market.live();
    await restore(next, []);
    const aggregator = await next.start(aggregatorRole(options));
    await publish(next, 72, 8);
    await until(() => !aggregator.status().ready, { describe: 'the aggregator to say what is wrong' });
    assert.match(aggregator.status().says, /^MSFT: the consumer needs records from 1 on/);
    assert.deepEqual(next.failures, [], 'frames that come back mend it: no reason to stop the house');
    assert.equal((await booksOf(next)).cursor, undefined, 'nothing is counted past the hole');
  });

  it('removes what is older than the retention, and still counts it', async (t) => {
    const kept = { ...options, retention: { ...options.retention, batchesPerCompany: 3 } };
    const life = await openMarket(t, kept).live();
    await publish(life, 100, 10);
    await life.start(aggregatorRole(kept));
    await counted(life, 100);
    await life.pass(async () => (await booksOf(life)).batches.length === 3, 'old batches to go');
    assert.deepEqual(await booksOf(life), { ...expectedBooks(100), batches: expectedBooks(100).batches.slice(-3) });
  });
});

describe('another batch size', () => {
  const other = stocksOptions({ batchSize: 20 });
  const refusal = (error: unknown) => {
    assert.ok(error instanceof KontorError && error.code === 'invalid_option', String(error));
    assert.match(error.message, /BATCH_SIZE is 20, but MSFT was counted in batches of 10: set BATCH_SIZE=10, or use another DATA_DIR/);
    return true;
  };

  it('than the books were begun with is refused at the start', async (t) => {
    const { life } = await countedLife(t, 15);
    await assert.rejects(life.start(aggregatorRole(other)), refusal);
  });

  it('that another aggregator began a company with is refused when it meets the company, and nothing is counted', async (t) => {
    const market = openMarket(t, options);
    const life = await market.live();
    await life.start(aggregatorRole(other));
    await life.ports.results.apply(applicationFor(company, undefined, simulatedRecords(0, 15), options));
    await publish(life, 40, 10);
    await until(() => life.failures.length > 0, { describe: 'the role to give up' });
    assert.ok(refusal(life.failures[0]));
    assert.deepEqual(await booksOf(life), expectedBooks(15));
  });
});

describe('its status', () => {
  it('is standing by without companies, and tells how many it counts', async (t) => {
    const life = await openMarket(t, options).live();
    const aggregator = await life.start(aggregatorRole(options));
    assert.deepEqual(aggregator.status(), { ready: true, says: 'standing by' });
    for (const code of ['MSFT', 'LHA']) await publish(life, 5, 5, code);
    await until(() => aggregator.status().says === 'counting 2 companies', { describe: () => aggregator.status().says });
    assert.equal(aggregator.status().ready, true);
  });

  it('says why while results cannot be stored, once in the log, and is well again afterwards', async (t) => {
    const life = await openMarket(t, options).live();
    const { results } = life.ports;
    const apply = results.apply;
    results.apply = () => Promise.reject(new KontorError('storage_full', 'no room left'));
    const aggregator = await life.start(aggregatorRole(options));
    await publish(life, 15, 5);
    await until(() => !aggregator.status().ready, { describe: 'the failure to show' });
    assert.equal(aggregator.status().says, 'no room left');
    results.apply = apply;
    await counted(life, 15);
    await until(() => aggregator.status().ready, { describe: 'the aggregator to be well' });
    assert.deepEqual(await booksOf(life), expectedBooks(15));
    assert.equal(life.log.entries.filter(({ message }) => message.startsWith('trades could not be counted')).length, 1);
    assert.deepEqual(life.failures, []);
  });

  it('is well again as soon as the stream says so, though no trade came', async (t) => {
    const life = await openMarket(t, options).live();
    const { stream } = life.ports;
    const consume = stream.consume;
    let tell: ConsumeOptions | undefined;
    stream.consume = (topic, group, handler, consuming) => {
      tell = consuming;
      return consume.call(stream, topic, group, handler, consuming);
    };
    const aggregator = await life.start(aggregatorRole(options));
    tell?.onError?.(new KontorError('storage_busy', 'somebody holds the lock'), '');
    tell?.onError?.(new KontorError('unavailable', 'the connection is lost'), company);
    assert.deepEqual(aggregator.status(), { ready: false, says: 'somebody holds the lock' });
    tell?.onRecovered?.('');
    assert.deepEqual(aggregator.status(), { ready: false, says: 'the connection is lost' });
    tell?.onRecovered?.(company);
    assert.equal(aggregator.status().ready, true);
  });

  it('a frame that is not what it says breaks an invariant: the role gives up rather than count wrongly', async (t) => {
    const life = await openMarket(t, options).live();
    await life.start(aggregatorRole(options));
    await life.ports.stream.publish(tradesTopic, company, { first: 1, count: 5, body: new Uint8Array(64) });
    await until(() => life.failures.length > 0, { describe: 'the role to give up' });
    assert.ok(life.failures[0] instanceof BrokenInvariant, String(life.failures[0]));
    assert.equal((await booksOf(life)).cursor, undefined);
  });
});

async function countedLife(t: TestContext, trades: number): Promise<{ market: Market; life: Life }> {
  const market = openMarket(t, options);
  const life = await market.live();
  await publish(life, trades, 5);
  await life.start(aggregatorRole(options));
  await counted(life, trades);
  await life.end();
  return { market, life: await market.live() };
}

const resultTables = ['result_batch', 'result_bar', 'result_cursor'];
type Rows = readonly { readonly table: string; readonly rows: readonly Record<string, unknown>[] }[];

function tablesOf({ ports: { state } }: Life): Promise<Rows> {
  return state.read((queries) =>
    Promise.all(
      resultTables.map(async (table) => ({
        table,
        rows: (await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(queries)).rows,
      })),
    ),
  );
}

/** Puts back an earlier state, as restoring a backup does. */
function restore({ ports: { state } }: Life, backup: Rows): Promise<void> {
  return state.write(async (queries) => {
    for (const table of resultTables) await sql`delete from ${sql.table(table)}`.execute(queries);
    for (const { table, rows } of backup)
      for (const row of rows) await sql`insert into ${sql.table(table)} values (${sql.join(Object.values(row))})`.execute(queries);
  });
}
