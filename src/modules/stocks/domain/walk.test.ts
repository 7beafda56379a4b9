/** The walk: the same trades for the same seed wherever one begins, within the limits of the tape, and for ever the same. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import type { SimulatedCompany } from './companies.ts';
import { companiesNamed, defaultCompanies } from './companies.ts';
import { buyBit, maxNotionalCents, maxPriceCents, quantityMask, wrongInTrade } from './trades.ts';
import { Walk } from './walk.ts';

const [anyCompany] = defaultCompanies as readonly [SimulatedCompany];

interface Piece {
  readonly seed: string;
  readonly company: SimulatedCompany;
  readonly historyTrades: number;
}

/** The words of so many trades, times left out. */
function fill(walk: Walk, firstSeq: number, count: number): Uint32Array {
  const words = new Uint32Array(4 * count);
  walk.fill(words, 0, firstSeq, count);
  return words;
}

function walkOf({ seed, company, historyTrades }: Piece): Walk {
  return new Walk(seed, company, historyTrades);
}

function prices(words: Uint32Array): number[] {
  return Array.from({ length: words.length / 4 }, (_, index) => words[4 * index + 2]!);
}

const anyPiece = fastCheck.record<Piece>({
  seed: fastCheck.string({ maxLength: 8 }),
  company: fastCheck.constantFrom(...defaultCompanies, ...companiesNamed(['X', 'ZALANDO'])),
  historyTrades: fastCheck.constantFrom(0, 1, 100, 1_000),
});
/** At the beginning, around the end of the history, and far out. */
const anySeq = fastCheck.oneof(fastCheck.integer({ min: 1, max: 3_000 }), fastCheck.integer({ min: 1, max: 10_000_000_000 }));

describe('the walk', () => {
  it('gives the same trades wherever one begins, whatever was asked before, and however it is cut', () => {
    fastCheck.assert(
      fastCheck.property(
        anyPiece,
        anySeq,
        fastCheck.array(fastCheck.integer({ min: 1, max: 700 }), { maxLength: 5 }),
        (piece, first, cuts) => {
          const count = cuts.reduce((sum, cut) => sum + cut, 0);
          const whole = fill(walkOf(piece), first, count);
          const walk = walkOf(piece);
          const inPieces = new Uint32Array(4 * count);
          let done = 0;
          for (const cut of cuts) {
            walk.fill(inPieces, done, first + done, cut);
            done += cut;
          }
          assert.deepEqual(inPieces, whole);
          cuts.reduceRight((end, cut) => {
            assert.deepEqual(fill(walk, first + end - cut, cut), whole.subarray(4 * (end - cut), 4 * end), 'from the end backwards');
            return end - cut;
          }, count);
        },
      ),
    );
  });

  it('writes prices, quantities and sides only, each within the limits of the tape', () => {
    const extremes = [1, 2, maxPriceCents].map(
      (basePriceCents): SimulatedCompany => ({
        ...anyCompany,
        basePriceCents,
        volatility: 3,
        scatter: 0.5,
        jumpChance: 1,
        jumpSize: 2,
        lot: 100_000,
      }),
    );
    fastCheck.assert(
      fastCheck.property(
        fastCheck.record<Piece>({
          seed: fastCheck.string({ maxLength: 8 }),
          company: fastCheck.constantFrom(...defaultCompanies, ...extremes),
          historyTrades: fastCheck.constantFrom(0, 500),
        }),
        anySeq,
        (piece, first) => {
          const words = fill(walkOf(piece), first, 600);
          for (let index = 0; index < words.length; index += 4) {
            assert.equal(words[index], 0);
            assert.equal(words[index + 1], 0);
            const [price, quantity] = [words[index + 2]!, words[index + 3]! & quantityMask];
            assert.equal(wrongInTrade(price, quantity, 0), undefined);
            assert.ok(price * quantity <= maxNotionalCents);
          }
        },
      ),
    );
  });

  it('differs from seed to seed and from company to company', () => {
    const own = { seed: 'test', company: anyCompany, historyTrades: 0 };
    const others = [
      { ...own, seed: 'Test' },
      { ...own, seed: '' },
      { ...own, company: { ...anyCompany, code: 'MSFU' } },
    ];
    const sides = (piece: Piece) =>
      fill(walkOf(piece), 1, 1_000)
        .map((word, index) => (index % 4 === 3 && word >= buyBit ? 1 : 0))
        .join();
    assert.equal(new Set([own, ...others].map(sides)).size, 4);
  });

  it('moves, stays near its base, and has about as many buys as sells', () => {
    for (const company of defaultCompanies) {
      // one trade of every block over some hours of a busy tape
      const walk = new Walk('believable', company, 0);
      const words = Array.from({ length: 4_000 }, (_, index) => fill(walk, 1 + index * 2_560, 1));
      const seen = words.flatMap(prices);
      const [low, high] = [Math.min(...seen), Math.max(...seen)];
      assert.ok(high > low * 1.002, `${company.code} moves: ${low} to ${high}`);
      assert.ok(low > company.basePriceCents * 0.5 && high < company.basePriceCents * 1.5, `${company.code} stays near: ${low} to ${high}`);
      const buys = words.filter((each) => each[3]! >= buyBit).length;
      assert.ok(buys > 1_600 && buys < 2_400, `${company.code}: ${buys} buys of 4000`);
    }
  });

  it('is the walk that tapes were written with: another one would contradict what is stored', () => {
    const pinned = ['MSFT', 'BRK.A', 'LHA', 'ZALANDO'].flatMap((code) => {
      const [company] = companiesNamed([code]) as [SimulatedCompany];
      return [0, 86_400].map((historyTrades) => {
        const hash = createHash('sha256');
        for (const first of [1, 1_000, 86_300, 123_456_789, 2 ** 40])
          hash.update(fill(new Walk('kontor', company, historyTrades), first, 1_000));
        return `${code} after ${historyTrades}: ${hash.digest('hex').slice(0, 16)}`;
      });
    });
    assert.deepEqual(pinned, [
      'MSFT after 0: b6106f6ed2c75528',
      'MSFT after 86400: 0bf6afb311a05803',
      'BRK.A after 0: 05e61e37b6a16429',
      'BRK.A after 86400: 7bfc9e33d053a2e8',
      'LHA after 0: 3e662bc851c49b1c',
      'LHA after 86400: 99541c0f04956f99',
      'ZALANDO after 0: 7e5daefac185d9d0',
      'ZALANDO after 86400: ab5b09a8cf06e501',
    ]);
  });

  it('begins with these trades, for people to look at', () => {
    const words = fill(new Walk('kontor', anyCompany, 0), 1, 4);
    const trades = prices(words).map((price, index) => [price, words[4 * index + 3]! & quantityMask, words[4 * index + 3]! >= buyBit]);
    assert.deepEqual(trades, [
      [41_178, 74, false],
      [41_174, 56, true],
      [41_175, 11, true],
      [41_181, 44, true],
    ]);
  });
});
