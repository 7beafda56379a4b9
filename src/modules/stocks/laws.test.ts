/** The laws of the stocks market: they hold on good books, and each notices what it is there for, in words that name the row. */
import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { sql } from 'kysely';
import { type Finding, maxViolations, type Scope } from '#core/laws/law.ts';
import { emptyCursor, fold } from './domain/aggregation.ts';
import { type StocksSettings, tradesTopic } from './domain/settings.ts';
import { recordBytes, tradeColumns } from './domain/trades.ts';
import { Walk } from './domain/walk.ts';
import { stocksLaws } from './laws.ts';
import { rememberSimulation } from './store/settings.ts';
import { openMarket, stocksOptions } from './testing/stocks-market.ts';

const simulated = 'MSFT';
/** Named in STOCK, too, but its tape was begun by trades from outside. */
const outside = 'LHA';
/** More than one page of them. */
const batches = 520;
const open = 7;
const options = stocksOptions({ codes: [simulated, outside], batchSize: 10 });
const at = 1_772_438_400_000;

type Law = 'stocks-1' | 'stocks-2';

/** Good books of a simulated company, part of whose tape is history, and of one whose trades come from outside. */
const life = await openMarket({ after }, options).live();
const { state } = life.ports;
const historyTrades = 25;
const company = options.companies[0]!;
await state.write((queries) => rememberSimulation(queries, { seed: options.seed, company, historyTrades }, true, at));
await countUp(simulated, new Walk(options.seed, company, historyTrades));
await countUp(outside, new Walk('another', company, 0));
const tables = ['result_batch', 'result_cursor'];
await execute(...tables.map((table) => `create table good_${table} as select * from ${table}`));

beforeEach(() => execute(...tables.flatMap((table) => [`delete from ${table}`, `insert into ${table} select * from good_${table}`])));

function execute(...statements: readonly string[]): Promise<readonly bigint[]> {
  return state.write(async (queries) => {
    const affected = [];
    for (const statement of statements) affected.push((await sql.raw(statement).execute(queries)).numAffectedRows ?? 0n);
    return affected;
  });
}

/** Changes the stored rows behind everybody's back. */
async function damage(...statements: readonly string[]): Promise<void> {
  assert.ok(!(await execute(...statements)).includes(0n), 'every statement hits a row');
}

function check(law: Law, scope: Scope, other: Partial<StocksSettings> = {}): Promise<Finding> {
  const found = stocksLaws({ ...options, ...other }).find(({ id }) => id === law);
  assert.ok(found, law);
  return found.check(life.ports, scope);
}

async function violations(law: Law, scope: Scope, other?: Partial<StocksSettings>): Promise<readonly string[]> {
  return (await check(law, scope, other)).violations;
}

async function countUp(code: string, walk: Walk): Promise<void> {
  const count = batches * options.batchSize + open;
  const body = new Uint8Array(count * recordBytes);
  const { doubles, words } = tradeColumns(body);
  walk.fill(words, 0, 1, count);
  for (let index = 0; index < count; index += 1) doubles[2 * index] = at + index;
  const frame = { first: 1, count, body };
  await life.ports.stream.publish(tradesTopic, code, frame);
  await life.ports.results.apply({ from: 0, ...fold(emptyCursor(code, options.batchSize), [frame]) });
}

const batchOf = (company: string, number: number) => `result_batch where company = '${company}' and number = ${number}`;
const setCursor = (change: string) => `update result_cursor set ${change} where company = '${simulated}'`;
const setBatch = (number: number, change: string, company = simulated) =>
  `update result_batch set ${change} where company = '${company}' and number = ${number}`;

describe('stocks-1', () => {
  it('holds on good books, and says what it looked at', async () => {
    for (const scope of ['all', 'recent'] as const) {
      assert.deepEqual(await violations('stocks-1', scope), []);
      assert.equal((await check('stocks-1', scope)).checked, '2 companies, 10414 trades');
    }
  });

  it('holds where retention removed the oldest batches, and where nothing was counted yet', async () => {
    await damage(`delete from result_batch where number <= 40`);
    assert.deepEqual(await violations('stocks-1', 'all'), []);
    await damage('delete from result_batch', 'delete from result_cursor');
    assert.deepEqual(await violations('stocks-1', 'all'), []);
  });

  /** What is wrong with the cursor, which both scopes look at. */
  const cursorDamages: readonly [what: string, statement: string, says: RegExp][] = [
    [
      'the position moved on',
      setCursor('position = position + 3'),
      /^MSFT: 5200 trades in batches and 7 in the open batch make 5207, but 5210 were/,
    ],
    ['the position moved back', setCursor('position = position - 3'), /^MSFT: .* make 5207, but 5204 were applied/],
    ['trades forgotten', setCursor('batched_trades = batched_trades - 10'), /^MSFT: 5190 trades in batches and 7 .* make 5197, but 5207/],
    ['the open batch lost', setCursor('open_batch = null'), /^MSFT: 5200 trades in batches and 0 in the open batch make 5200, but 5207/],
    ['a batch counted that is none', setCursor('batches = batches + 1'), /^MSFT: 521 batches of 10 cannot hold 5200 trades/],
    ['another batch size', setCursor('batch_size = 12'), /^MSFT: 520 batches of 12 cannot hold 5200 trades/],
    [
      'an open batch that is full',
      setCursor("open_batch = json_set(open_batch, '$.count', 10), position = 5210"),
      /^MSFT: the open batch holds 10 trades and should have been closed at 10/,
    ],
  ];
  for (const [what, statement, says] of cursorDamages) {
    it(`notices ${what}`, async () => {
      await damage(statement);
      for (const scope of ['all', 'recent'] as const) {
        const found = await violations('stocks-1', scope);
        assert.match(found.join('\n'), says);
        assert.ok(found.every((violation) => violation.startsWith('MSFT: ')));
      }
    });
  }

  it('notices that more is counted than was published', async () => {
    await damage(setCursor("position = 5208, open_batch = json_set(open_batch, '$.count', 8)"));
    for (const scope of ['all', 'recent'] as const)
      assert.deepEqual(await violations('stocks-1', scope), ['MSFT: 5208 trades are counted, but only 5207 were published']);
  });

  /** What is wrong with the batches, which need a look at every row. */
  const batchDamages: readonly [what: string, statement: string, says: readonly string[]][] = [
    [
      'a batch missing in the middle',
      `delete from ${batchOf(simulated, 30)}`,
      ['MSFT: between batch 1 and 520, 1 are missing', 'MSFT: batch 31 does not follow the one before it'],
    ],
    [
      'the newest batch missing',
      `delete from ${batchOf(simulated, 520)}`,
      ['MSFT: 520 batches were closed, but the newest one stored is 519'],
    ],
    [
      'all batches missing',
      `delete from result_batch where company = '${simulated}'`,
      ['MSFT: 520 batches were closed, but none is stored'],
    ],
    [
      'a batch too many',
      `insert into result_batch select company, 521, first_seq + 10, last_seq + 10, first_at, last_at, count, sum_price_cents,
        turnover_cents, volume, buys, buy_volume, open_cents, high_cents, low_cents, close_cents from ${batchOf(simulated, 520)}`,
      ['MSFT: batch 521 is stored, but only 520 were closed'],
    ],
    ['a wrong count', setBatch(30, 'count = 9'), ['MSFT: batch 30 does not follow the one before it']],
    [
      'batches that overlap',
      setBatch(30, 'first_seq = first_seq - 1, last_seq = last_seq - 1'),
      ['MSFT: batch 30 does not follow the one before it', 'MSFT: batch 31 does not follow the one before it'],
    ],
  ];
  for (const [what, statement, says] of batchDamages) {
    it(`notices ${what} when it looks at all`, async () => {
      await damage(statement);
      assert.deepEqual(await violations('stocks-1', 'all'), says);
    });
  }

  it('names no more than its limit', async () => {
    await damage('delete from result_batch where number % 2 = 0');
    assert.equal((await violations('stocks-1', 'all')).length, maxViolations);
  });
});

describe('stocks-2', () => {
  it('holds on good books, and tells how many batches it made again', async () => {
    for (const scope of ['all', 'recent'] as const) assert.deepEqual(await violations('stocks-2', scope), []);
    assert.equal((await check('stocks-2', 'all')).checked, '1040 batches in 2 companies, 520 of them recomputed');
    assert.equal((await check('stocks-2', 'recent')).checked, '80 batches in 2 companies, 40 of them recomputed');
  });

  const columns = [
    ['sum_price_cents', 'sumPriceCents'],
    ['turnover_cents', 'turnoverCents'],
    ['volume', 'volume'],
    ['buys', 'buys'],
    ['buy_volume', 'buyVolume'],
    ['open_cents', 'openCents'],
    ['high_cents', 'highCents'],
    ['low_cents', 'lowCents'],
    ['close_cents', 'closeCents'],
  ] as const;
  for (const [column, field] of columns) {
    it(`notices a batch's ${field} that is off by one, in an old batch when it looks at all, and in a new one always`, async () => {
      await damage(setBatch(2, `${column} = ${column} + 1`));
      const [violation = '', ...others] = await violations('stocks-2', 'all');
      assert.match(violation, new RegExp(`^MSFT: batch 2: ${field} is stored as \\d+, but recomputes to \\d+$`));
      assert.deepEqual(others, []);
      assert.deepEqual(await violations('stocks-2', 'recent'), [], 'a recent look is bounded');
      await damage(setBatch(520, `${column} = ${column} + 1`));
      assert.match((await violations('stocks-2', 'recent')).join('\n'), new RegExp(`^MSFT: batch 520: ${field} is stored as`));
    });
  }

  it('notices a wrong count, of simulated trades and of others', async () => {
    await damage(setBatch(519, 'count = 9'), setBatch(520, 'count = 11', outside));
    for (const scope of ['all', 'recent'] as const) {
      assert.deepEqual(await violations('stocks-2', scope), [
        'LHA: batch 520 holds 11 trades',
        'MSFT: batch 519 holds 9 trades',
        'MSFT: batch 519: count is stored as 9, but recomputes to 10',
      ]);
    }
  });

  it('notices a batch in the place of another', async () => {
    await damage(setBatch(520, 'number = 521'));
    assert.deepEqual(await violations('stocks-2', 'recent'), ['MSFT: batch 521: it begins at trade 5191 instead of 5201']);
  });

  it('notices trades that are not those of the seed, and a batch size that is not that of the books', async () => {
    const setSeed = (from: string, to: string) => damage(`update stocks_setting set value = replace(value, '${from}', '${to}')`);
    await setSeed(options.seed, 'other');
    const ofOtherSeed = await violations('stocks-2', 'recent');
    await setSeed('other', options.seed);
    assert.equal(ofOtherSeed.length, maxViolations);
    assert.match(ofOtherSeed[0] ?? '', /^MSFT: batch 481: sumPriceCents is stored as \d+, but recomputes to \d+/);
    const ofOtherSize = await violations('stocks-2', 'recent', { batchSize: 20 });
    assert.ok(ofOtherSize.includes('LHA: batch 481 holds 10 trades'));
  });

  it('makes again what is stored as simulated, whatever this process simulates, and leaves trades from outside alone', async () => {
    await damage(setBatch(520, 'volume = volume + 1', outside), setBatch(520, 'volume = volume + 1'));
    for (const other of [{}, { companies: [], seed: 'other' }]) {
      const [violation, ...more] = await violations('stocks-2', 'all', other);
      assert.match(violation ?? '', /^MSFT: batch 520: volume is stored as/);
      assert.deepEqual(more, []);
    }
  });
});
