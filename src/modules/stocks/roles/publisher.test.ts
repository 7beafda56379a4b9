/** The publisher on the embedded engines: one unbroken tape, whichever process stops, stands by, or is delayed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { until } from '#testkit/until.ts';
import { type StocksSettings, type TradesPerSecond, tradesTopic } from '../domain/settings.ts';
import { encodeTrades } from '../domain/trades.ts';
import { historyTradesPerMinute, Walk } from '../domain/walk.ts';
import { rememberOutside, writeRate } from '../store/settings.ts';
import { type Life, type Market, openMarket, stocksOptions } from '../testing/stocks-market.ts';
import { aggregatorRole } from './aggregator.ts';
import { publisherRole } from './publisher.ts';

const company = 'MSFT';
const options = stocksOptions({ codes: [company], tradesPerSecond: 1_000 });

async function endOf({ ports: { stream } }: Life, of = company): Promise<number> {
  return (await stream.end(tradesTopic, of)) ?? 0;
}

function reaches(life: Life, trades: number): Promise<void> {
  return life.pass(async () => (await endOf(life)) >= trades, `a tape of ${trades} trades`);
}

function setRate({ ports: { state } }: Life, rate: TradesPerSecond): Promise<void> {
  return state.write((queries) => writeRate(queries, rate, 0));
}

/** The tape holds the walk's trades from the first one on, each once, whatever happened while it was written. */
function assertUnbroken(market: Market, { seed, companies, historyMinutes }: StocksSettings = options): number {
  let length = 0;
  for (const each of companies) {
    const tape = market.tape(each.code);
    const words = new Uint32Array(4 * tape.length);
    new Walk(seed, each, historyMinutes * historyTradesPerMinute).fill(words, 0, 1, tape.length);
    tape.forEach(({ seq, priceCents, quantity, side }, index) => {
      const word = words[4 * index + 3]!;
      if (
        seq === index + 1 &&
        priceCents === words[4 * index + 2] &&
        quantity === (word & 0x7fff_ffff) &&
        (side === 'buy') === word >= 2 ** 31
      )
        return;
      assert.fail(`${each.code}: trade ${seq} is not the walk's number ${index + 1}`);
    });
    length += tape.length;
  }
  return length;
}

const refusedWith = (says: RegExp) => (error: unknown) => {
  assert.ok(error instanceof KontorError && error.code === 'invalid_option', String(error));
  assert.match(error.message, says);
  return true;
};

describe('the tape', () => {
  it('is continued exactly where it ends after each stop and restart', async (t) => {
    const market = openMarket(t, options);
    const ends: number[] = [];
    for (let upTo = 200; upTo <= 600; upTo += 200) {
      const life = await market.live();
      await life.start(publisherRole(options));
      await reaches(life, upTo);
      await life.end();
      ends.push(market.tape(company).length);
    }
    assert.ok(assertUnbroken(market) >= 600);
    const tape = market.tape(company);
    for (const [life, end] of ends.entries()) {
      // each life has a clock of its own, which may run ahead of the next one's
      const times = tape.slice(ends[life - 1] ?? 0, end).map(({ at }) => at);
      assert.deepEqual(
        times,
        times.toSorted((one, other) => one - other),
      );
    }
  });

  it('is written by one publisher; another stands by and takes over when it stops', async (t) => {
    const market = openMarket(t, options);
    const [first, second] = [await market.live(), await market.live()];
    await first.start(publisherRole(options));
    await reaches(first, 100);
    const waiting = await second.start(publisherRole(options));
    for (let look = 0; look < 5; look += 1) await second.clock.advance(1_000);
    assert.deepEqual(waiting.status(), { ready: true, says: 'standing by' });
    await first.end();
    const end = await endOf(second);
    await reaches(second, end + 100);
    assert.equal(waiting.status().says, 'publishing 1000 trades a second per company');
    await second.end();
    assertUnbroken(market);
  });

  it('stays whole when two write it at the same time because one seemed dead', async (t) => {
    const market = openMarket(t, options);
    const [first, second] = [await market.live(), await market.live()];
    await setRate(first, 'max');
    await first.start(publisherRole(options));
    await reaches(first, 50_000);
    first.holder.bury();
    await second.start(publisherRole(options));
    await reaches(second, 200_000);
    await first.end();
    await second.end();
    assertUnbroken(market);
  });

  it('that lost its last moments, which were counted already, gets the same trades again', async (t) => {
    const market = openMarket(t, options);
    const life = await market.live();
    await life.start(publisherRole(options));
    await life.start(aggregatorRole(options));
    await life.pass(async () => ((await life.ports.results.load(company))?.position ?? 0) >= 5_000, 'trades to be counted');
    await life.end();
    market.onStreamFile((connection) => {
      connection.exec('delete from frame where first > 1; delete from position');
      connection.exec('update partition set (end_seq, end_bytes) = (select max(first + count - 1), max(end_bytes) from frame)');
    });
    assert.ok(market.tape(company).length < 5_000);
    const next = await market.live();
    const counted = (await next.ports.results.load(company))?.position ?? 0;
    assert.ok(counted >= 5_000);
    await setRate(next, 0);
    await next.start(publisherRole(options));
    await reaches(next, counted);
    await next.end();
    assert.equal(assertUnbroken(market), counted, 'as much as was counted, and no more at a rate of 0');
  });
});

describe('the rate', () => {
  it('is followed while it runs: nothing at 0, as fast as possible at max, and so many a second otherwise', async (t) => {
    const market = openMarket(t, options);
    const life = await market.live();
    await setRate(life, 0);
    const publisher = await life.start(publisherRole(options));
    await life.pass(
      () => publisher.status().says === 'publishing 0 trades a second per company',
      () => publisher.status().says,
    );
    for (let look = 0; look < 20; look += 1) await life.clock.advance(500);
    assert.equal(await endOf(life), 0);

    await setRate(life, 'max');
    await life.pass(
      () => publisher.status().says === 'publishing as fast as possible',
      () => publisher.status().says,
    );
    await reaches(life, 1);
    const advancedMs = life.clock.monotonicMs();
    await until(async () => (await endOf(life)) >= 100_000, { describe: 'a hundred thousand trades without any time passing' });
    assert.equal(life.clock.monotonicMs(), advancedMs);

    await setRate(life, 500);
    await life.pass(
      () => publisher.status().says === 'publishing 500 trades a second per company',
      () => publisher.status().says,
    );
    await settled(life);
    const [from, fromMs] = [await endOf(life), life.clock.monotonicMs()];
    for (let step = 0; step < 100; step += 1) {
      await life.clock.advance(100);
      await stored(life);
    }
    await settled(life);
    const seconds = (life.clock.monotonicMs() - fromMs) / 1_000;
    const published = (await endOf(life)) - from;
    assert.ok(Math.abs(published - 500 * seconds) <= 75, `${published} trades in ${seconds} s`);
    await life.end();
    assertUnbroken(market);
  });

  it('gives every company its own', async (t) => {
    const two = stocksOptions({ tradesPerSecond: 100 });
    const market = openMarket(t, two);
    const life = await market.live();
    await life.start(publisherRole(two));
    await life.pass(async () => (await endOf(life, 'MSFT')) >= 50 && (await endOf(life, 'LHA')) >= 50, 'both tapes');
    await life.end();
    assert.ok(assertUnbroken(market, two) >= 100);
  });
});

describe('the history', () => {
  const withHistory = { ...options, historyMinutes: 30, tradesPerSecond: 0 };
  const historyTrades = 30 * historyTradesPerMinute;

  it('comes first on a new tape and only there, and lies before now', async (t) => {
    const market = openMarket(t, withHistory);
    const life = await market.live();
    await life.start(publisherRole(withHistory));
    await reaches(life, historyTrades);
    const now = life.clock.now();
    await life.end();
    const next = await market.live();
    const publisher = await next.start(publisherRole(withHistory));
    await next.pass(
      () => publisher.status().says.startsWith('publishing 0'),
      () => publisher.status().says,
    );
    for (let look = 0; look < 10; look += 1) await next.clock.advance(100);
    await next.end();
    assert.equal(assertUnbroken(market, withHistory), historyTrades);
    const times = market.tape(company).map(({ at }) => at);
    assert.deepEqual(
      times,
      times.toSorted((one, other) => one - other),
    );
    assert.ok(times[0]! >= now - 31 * 60_000 && times.at(-1)! <= now, `${times[0]} to ${times.at(-1)}, and now is ${now}`);
  });

  it('that a stop cut short goes on as history, a trade a second, and not at the speed of the tape', async (t) => {
    const long = { ...withHistory, historyMinutes: 600 };
    const market = openMarket(t, long);
    const life = await market.live();
    const { stream } = life.ports;
    const publish = stream.publish.bind(stream);
    stream.publish = (topic, partition, frame) =>
      frame.first > 3_000 ? Promise.reject(new KontorError('unavailable', 'the stream is away')) : publish(topic, partition, frame);
    await life.start(publisherRole(long));
    await reaches(life, 2_000);
    await life.end();
    const cut = market.tape(company).length;
    assert.ok(cut < 4_000, `${cut} trades`);
    const next = await market.live();
    await next.start(publisherRole(long));
    await reaches(next, 600 * historyTradesPerMinute);
    await next.end();
    assertUnbroken(market, long);
    const after = market.tape(company).slice(cut);
    const minutes = (after.at(-1)!.at - after[0]!.at) / 60_000;
    assert.ok(Math.abs(minutes - after.length / historyTradesPerMinute) < 1.5, `${after.length} trades in ${minutes} minutes`);
  });

  it('stays as long as it was when another length is asked for', async (t) => {
    const market = openMarket(t, withHistory);
    for (const historyMinutes of [30, 0, 90]) {
      const life = await market.live();
      await life.start(publisherRole({ ...withHistory, historyMinutes, tradesPerSecond: 1_000 }));
      await reaches(life, (await endOf(life)) + historyTrades);
      await life.end();
    }
    assertUnbroken(market, withHistory);
  });
});

describe('a publisher', () => {
  it('refuses a seed or parameters that the tape did not begin with, and takes other names', async (t) => {
    const market = openMarket(t, options);
    const life = await market.live();
    await life.start(publisherRole(options));
    await reaches(life, 50);
    await life.end();
    const next = await market.live();
    const changed = (change: object): StocksSettings => ({
      ...options,
      companies: options.companies.map((each) => ({ ...each, ...change })),
    });
    await assert.rejects(
      next.start(publisherRole({ ...options, seed: 'other' })),
      refusedWith(/STOCKS_SEED.*MSFT.*"seed":"test".*DATA_DIR/),
    );
    await assert.rejects(next.start(publisherRole(changed({ volatility: 0.5 }))), refusedWith(/parameters of MSFT/));
    await next.start(publisherRole(changed({ name: 'Microsoft & Sons', sector: 'Carriages' })));
    await reaches(next, (await endOf(next)) + 50);
    await next.end();
    assertUnbroken(market);
  });

  it('refuses a company whose tape came from outside, or is promised to others', async (t) => {
    const two = stocksOptions({ codes: ['MSFT', 'LHA'] });
    const life = await openMarket(t, two).live();
    const body = encodeTrades([{ side: 'buy', priceCents: 1, quantity: 1, at: 1 }]);
    await life.ports.stream.publish(tradesTopic, 'LHA', { first: 1, count: 1, body });
    await assert.rejects(life.start(publisherRole(two)), refusedWith(/STOCK names LHA.*from outside.*leave it out/));
    await life.ports.state.write((queries) => rememberOutside(queries, 'SAP', 0));
    await assert.rejects(life.start(publisherRole(stocksOptions({ codes: ['SAP'] }))), refusedWith(/STOCK names SAP/));
  });

  it('waits while its consumers are too far behind, says so, and goes on when they are not', async (t) => {
    const narrow = { ...options, maxBacklogBytes: 400_000, tradesPerSecond: 'max' as const };
    const market = openMarket(t, narrow);
    const life = await market.live();
    await life.start(publisherRole(narrow));
    await life.pass(() => warnings(life).some(({ fields }) => /bytes behind/.test(String(fields.err))), 'a word on the backlog');
    assert.ok((await endOf(life)) * 16 <= narrow.maxBacklogBytes);
    await life.start(aggregatorRole(narrow));
    await reaches(life, 200_000);
    await life.end();
    assert.deepEqual(life.failures, []);
  });

  it('waits out a stream that refuses at once, in bulk as in its history', async (t) => {
    const fast = { ...options, historyMinutes: 60, tradesPerSecond: 'max' as const };
    const market = openMarket(t, fast);
    const life = await market.live();
    const { stream } = life.ports;
    const publish = stream.publish;
    let refusals = 0;
    stream.publish = () => {
      refusals += 1;
      return Promise.reject(new KontorError('unavailable', 'the stream is away'));
    };
    await life.start(publisherRole(fast));
    await life.pass(() => refusals > 10, 'some tries');
    stream.publish = publish;
    await reaches(life, 10_000);
    stream.publish = () => {
      refusals += 1;
      return Promise.reject(new KontorError('unavailable', 'the stream is away'));
    };
    const before = refusals;
    await life.pass(() => refusals > before + 10, 'some tries in bulk');
    stream.publish = publish;
    await reaches(life, (await endOf(life)) + 10_000);
    await life.end();
    assertUnbroken(market, fast);
  });
});

function warnings({ log }: Life) {
  return log.entries.filter(({ message }) => message === 'trades could not be published; trying again');
}

/** What was on its way to the stream is stored: this came after it, and is there. */
async function stored({ ports: { stream } }: Life): Promise<void> {
  await stream.publish(tradesTopic, 'OTHER', { first: 1, count: 1, body: new Uint8Array(16) });
}

/** Nothing more is on its way: the end stays the same while no time passes. */
async function settled(life: Life): Promise<void> {
  let before = -1;
  await until(
    async () => {
      const end = await endOf(life);
      const still = end === before;
      before = end;
      await stored(life);
      return still;
    },
    { describe: 'what is on its way to arrive' },
  );
}
