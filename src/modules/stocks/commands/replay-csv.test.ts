/** The replay of a file: nothing of a bad one, all of a good one, each row once whatever happens in between. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { outboxMigrations, removeFrame, takeFrame, waitingEntries } from '#core/outbox.ts';
import type { State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { manualClock } from '#testkit/clock.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { tradesTopic } from '../domain/settings.ts';
import { decodeTrade } from '../domain/trades.ts';
import { stocksMigrations } from '../store/tables.ts';
import { type CsvFile, checkCsv, type Progress, type Replayed, type ReplayPorts, replayCsv, type Watching } from './replay-csv.ts';

const header = 'company,side,price,quantity,at';
const startAt = Date.UTC(2026, 0, 5, 9);
const row = (index: number, company = 'ACME', at = startAt + index) => `${company},buy,${1 + index}.50,1,${at}`;
const fileOf = (lines: readonly string[], pieceBytes = 1_000): CsvFile => {
  const bytes = new TextEncoder().encode([header, ...lines].join('\n'));
  return {
    name: 'trades.csv',
    async *read() {
      for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
    },
    hasChanged: async () => false,
  };
};

const rules = {
  company: undefined as string | undefined,
  now: Date.UTC(2026, 0, 31),
  owners: { simulated: new Set(['MSFT']), moduleNames: ['shop'] },
  speed: 'max' as number | 'max',
};
const quietly = (): Watching => ({ signal: new AbortController().signal, report() {} });
const check = (file: CsvFile, others: Partial<typeof rules> = {}) => checkCsv(file, { ...rules, ...others }, quietly());

async function openPorts(t: TestContext, clock = manualClock({ flowing: true })): Promise<ReplayPorts> {
  const state = await temporaryState(t, [...outboxMigrations, ...stocksMigrations]);
  return { state, clock, random: seededRandom(1) };
}

async function replay(ports: ReplayPorts, file: CsvFile, others: Partial<typeof rules> = {}, watching = quietly()): Promise<Replayed> {
  return replayCsv(ports, file, await check(file, others), { ...rules, ...others }, watching);
}

/** Prices on the tape so far, and takes them off. */
async function tape(state: State, company = 'ACME'): Promise<number[]> {
  const partition = { topic: tradesTopic, partition: company };
  const prices: number[] = [];
  for (;;) {
    const frame = await state.write((queries) =>
      takeFrame(queries, partition, undefined, { maxFrameBytes: 1_000_000, maxFrameEntries: 1_000 }),
    );
    if (!frame) return prices;
    for (let index = 0; index < frame.count; index += 1) prices.push(decodeTrade(frame.body, index).priceCents);
    await state.write((queries) => removeFrame(queries, partition, frame.first));
  }
}

const prices = (count: number) => Array.from({ length: count }, (_, index) => (1 + index) * 100 + 50);

/** A State whose `write` goes wrong where it is told to. */
function unreliable(state: State, trouble: (moment: 'before' | 'after', attempt: number) => void): State {
  let attempt = 0;
  return {
    ...state,
    can: state.can,
    read: (work) => state.read(work),
    async write(work) {
      attempt += 1;
      trouble('before', attempt);
      const result = await state.write(work);
      trouble('after', attempt);
      return result;
    },
  };
}

describe('checkCsv', () => {
  it('tells what is in a good file', async () => {
    const checked = await check(fileOf([row(5), row(1, 'OTHR'), row(3)]));
    assert.deepEqual({ ...checked, id: '' }, { id: '', trades: 3, companies: 2, firstAt: startAt + 1, lastAt: startAt + 5 });
  });

  it('names the content, whatever the file is called and however it is read', async () => {
    const id = async (file: CsvFile, company?: string) => (await check(file, { company })).id;
    assert.equal(await id({ ...fileOf([row(1)], 7), name: 'copy.csv' }), await id(fileOf([row(1)])));
    assert.notEqual(await id(fileOf([row(1)])), await id(fileOf([row(2)])));
    assert.notEqual(await id(fileOf([row(1)]), 'OTHR'), await id(fileOf([row(1)])));
  });

  it('lists the first 20 errors by line, and counts all', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? row(index) : 'ACME,hold,1,1,1'));
    await assert.rejects(check(fileOf(lines)), (error) => {
      assert.ok(error instanceof KontorError);
      assert.match(error.message, /trades\.csv: 30 of 60 rows are not valid; the first errors are listed; nothing was stored/);
      assert.deepEqual(
        error.details.map(({ field }) => field),
        Array.from({ length: 20 }, (_, index) => `line ${3 + index * 2}`),
      );
      return true;
    });
  });

  it('refuses simulated companies once each, unless they are renamed', async () => {
    const file = fileOf([row(1), row(2, 'MSFT'), row(3, 'MSFT')]);
    await assert.rejects(check(file), (error) => {
      assert.ok(error instanceof KontorError);
      assert.match(error.message, /2 of 3 rows/);
      assert.deepEqual(
        error.details.map(({ field }) => field),
        ['line 3'],
      );
      return true;
    });
    assert.equal((await check(file, { company: 'MSFT.X' })).companies, 1);
  });

  it('refuses a file without rows, and one with too many companies', async () => {
    await assert.rejects(check(fileOf([])), /holds no trades/);
    await assert.rejects(check(fileOf(Array.from({ length: 1_001 }, (_, index) => row(index, `C${index}`)))), /more than 1000 companies/);
  });
});

describe('replayCsv', () => {
  it('puts the rows on the tape in their order, and adds nothing when run again', async (t) => {
    const ports = await openPorts(t);
    const file = fileOf(Array.from({ length: 500 }, (_, index) => row(index)));
    assert.deepEqual(await replay(ports, file), { before: 0, stored: 500, finished: true });
    assert.deepEqual(
      await replay(
        ports,
        fileOf(
          Array.from({ length: 500 }, (_, index) => row(index)),
          77,
        ),
      ),
      { before: 500, stored: 0, finished: true },
    );
    assert.deepEqual(await tape(ports.state), prices(500));
  });

  it('takes all rows as of one company when told so', async (t) => {
    const ports = await openPorts(t);
    await replay(ports, fileOf([row(0), row(1, 'OTHR')]), { company: 'MINE' });
    assert.deepEqual(await tape(ports.state, 'MINE'), prices(2));
  });

  it('stores each row once though writes fail before and after they are durable', async (t) => {
    const ports = await openPorts(t);
    const state = unreliable(ports.state, (moment, attempt) => {
      if (moment === 'after' && attempt === 2) throw new KontorError('unavailable', 'the connection was cut during the commit');
      if (moment === 'before' && attempt === 3) throw new KontorError('overloaded', 'too busy');
    });
    const file = fileOf(Array.from({ length: 100 }, (_, index) => row(index, 'ACME', startAt + index * 1_000)));
    const waits: (string | undefined)[] = [];
    const watching = { ...quietly(), report: ({ waitsFor }: Progress) => waits.push(waitsFor) };
    assert.deepEqual(await replay({ ...ports, state }, file, { speed: 1_000_000 }, watching), { before: 0, stored: 100, finished: true });
    assert.deepEqual(waits.filter(Boolean), ['the connection was cut during the commit', 'too busy']);
    assert.deepEqual(await tape(ports.state), prices(100));
  });

  it('continues after it was interrupted, at any speed', async (t) => {
    const clock = manualClock();
    const ports = await openPorts(t, clock);
    const file = fileOf(Array.from({ length: 10 }, (_, index) => row(index, 'ACME', startAt + index * 60_000)));
    const interruption = new AbortController();
    const watching = {
      signal: interruption.signal,
      report({ done }: Progress) {
        if (done === 4) interruption.abort();
        else void clock.advance(30_000);
      },
    };
    assert.deepEqual(await replay(ports, file, { speed: 2 }, watching), { before: 0, stored: 4, finished: false });
    assert.equal(await ports.state.read(waitingEntries), 4, 'each minute was stored when it was due');
    assert.deepEqual(await replay(ports, file), { before: 4, stored: 6, finished: true });
    assert.deepEqual(await tape(ports.state), prices(10));
  });

  it('keeps the distance between trades, divided by the speed', async (t) => {
    const clock = manualClock();
    const ports = await openPorts(t, clock);
    const startedMs = clock.monotonicMs();
    const storedAfterMs: number[] = [];
    const watching = {
      ...quietly(),
      report() {
        storedAfterMs.push(clock.monotonicMs() - startedMs);
        void clock.advance(1_000);
      },
    };
    await replay(
      ports,
      fileOf([row(0, 'ACME', startAt), row(1, 'ACME', startAt + 10_000), row(2, 'ACME', startAt + 15_000)]),
      { speed: 10 },
      watching,
    );
    assert.deepEqual(
      storedAfterMs.map((afterMs) => Math.floor(afterMs / 100)),
      [0, 10, 20],
    );
  });

  it('gives up when nothing moves for two minutes, and keeps what was stored', async (t) => {
    const clock = manualClock();
    const ports = await openPorts(t, clock);
    const state = unreliable(ports.state, (moment, attempt) => {
      if (moment === 'before' && attempt > 1) throw new KontorError('overloaded', 'the outbox is full');
    });
    const watching = { ...quietly(), report: () => void setImmediate(() => clock.advance(20_000)) };
    await assert.rejects(
      replay({ ...ports, state }, fileOf([row(0)]), {}, watching),
      /no progress for 120 seconds after 0 trades \(the outbox is full\).*run the same again/,
    );
    assert.deepEqual(await replay(ports, fileOf([row(0)])), { before: 0, stored: 1, finished: true });
  });

  it('stops when the file is changed in between', async (t) => {
    const ports = await openPorts(t);
    const file = fileOf([row(0), row(1)]);
    await assert.rejects(replay(ports, { ...file, hasChanged: async () => true }), /was changed while it was replayed/);
    const checked = await check(file);
    await assert.rejects(replayCsv(ports, fileOf([row(0)]), checked, rules, quietly()), /was changed/);
    assert.equal(await ports.state.read(waitingEntries), 0);
  });
});
