/** A tape's end: found where stream and results say it is, and never written past another publisher's trades. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Frame, PublishOutcome } from '#core/ports/stream.ts';
import { defaultCompanies, type SimulatedCompany } from '../../domain/companies.ts';
import { decodeTrade, tradeColumns } from '../../domain/trades.ts';
import { historyTradesPerMinute, Walk } from '../../domain/walk.ts';
import { Tape, type TapePorts, timesBetween } from './simulated-tape.ts';

const [company] = defaultCompanies as readonly [SimulatedCompany];

interface Ends {
  /** What the stream says; undefined for a broker that cannot tell. */
  end: number | undefined;
  /** What the results counted; undefined before they counted anything. */
  counted?: number;
  outcome?: PublishOutcome;
}

function openTape(ends: Ends) {
  const frames: Frame[] = [];
  const ports = {
    stream: {
      end: async () => ends.end,
      publish: async (_topic: string, _partition: string, frame: Frame) => {
        frames.push(frame);
        return ends.outcome ?? 'published';
      },
    },
    results: { load: async () => (ends.counted === undefined ? undefined : { position: ends.counted }) },
  } as unknown as TapePorts;
  return { tape: new Tape('test', company, 2 * historyTradesPerMinute, ports), frames };
}

const noTime = () => 0;

describe('a tape', () => {
  const cases: readonly [what: string, ends: Ends, next: number, historyMinutesLeft: number, missing: number][] = [
    ['a new one begins with the first trade', { end: 0 }, 1, 2, 0],
    ['that was stopped in its history has a part of that left', { end: 60, counted: 20 }, 61, 1, 0],
    ['goes on after its last trade', { end: 150, counted: 120 }, 151, 0, 0],
    ['that lost its last moments lacks what was counted', { end: 150, counted: 180 }, 151, 0, 30],
    ['that was lost as a whole lacks all that was counted', { end: 0, counted: 80 }, 1, 2, 80],
    ['whose broker cannot tell its end goes on where the results are', { end: undefined, counted: 180 }, 181, 0, 0],
    ['whose broker cannot tell, and nothing is counted, is new', { end: undefined }, 1, 2, 0],
  ];
  for (const [what, ends, next, historyMinutesLeft, missing] of cases) {
    it(what, async () => {
      const { tape, frames } = openTape(ends);
      await tape.find();
      assert.deepEqual([tape.historyMinutesLeft, tape.missing], [historyMinutesLeft, missing]);
      assert.equal(await tape.publish(3, noTime), true);
      assert.deepEqual([frames[0]?.first, frames[0]?.count], [next, 3]);
    });
  }

  it('publishes the trades of the walk at the times it is told, one frame after the other', async () => {
    const { tape, frames } = openTape({ end: 4 });
    await tape.find();
    await Promise.all([tape.publish(20, (index) => 1_000 + index), tape.publish(5, () => 2_000)]);
    assert.deepEqual(
      frames.map(({ first, count }) => [first, count]),
      [
        [5, 20],
        [25, 5],
      ],
    );
    const expected = new Uint32Array(100);
    new Walk('test', company, 2 * historyTradesPerMinute).fill(expected, 0, 5, 25);
    const words = frames.flatMap(({ body }) => [...tradeColumns(body).words]).filter((_, index) => index % 4 > 1);
    assert.deepEqual(
      words,
      [...expected].filter((_, index) => index % 4 > 1),
    );
    assert.deepEqual(
      [decodeTrade(frames[0]!.body, 0).at, decodeTrade(frames[0]!.body, 19).at, decodeTrade(frames[1]!.body, 4).at],
      [1_000, 1_019, 2_000],
    );
  });

  it('says how far it is durable where the stream cannot, so that it is noted, and only there', async () => {
    for (const [end, before, after] of [
      [undefined, 80, 83],
      [90, undefined, undefined],
    ]) {
      const ends: Ends = { end, counted: 80 };
      const { tape } = openTape(ends);
      await tape.find();
      assert.equal(tape.durableToNote, before);
      await tape.publish(3, noTime);
      assert.equal(tape.durableToNote, after);
    }
  });

  for (const outcome of ['gap', 'duplicate'] as const) {
    it(`says that another publisher wrote when the stream says ${outcome}, and is right after it looked again`, async () => {
      const ends: Ends = { end: 4, outcome };
      const { tape, frames } = openTape(ends);
      await tape.find();
      assert.equal(await tape.publish(3, noTime), false);
      Object.assign(ends, { end: 5, outcome: 'published' });
      await tape.find();
      assert.equal(await tape.publish(3, noTime), true);
      assert.equal(frames[1]?.first, 6);
    });
  }
});

describe('times between two moments', () => {
  it('are whole milliseconds, spread evenly, the last of them at the end', () => {
    const times = timesBetween(1_000, 2_000, 4);
    assert.deepEqual([0, 1, 2, 3].map(times), [1_250, 1_500, 1_750, 2_000]);
    assert.deepEqual([0, 1, 2].map(timesBetween(1_000.7, 1_001.2, 3)), [1_000, 1_001, 1_001]);
  });
});
