/** The difference of two texts: what it shows, that both texts can be read from it, and that it is bounded. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Difference, difference } from './difference.ts';

const textsOf = ({ lines }: Difference, side: 'added' | 'removed') =>
  lines.flatMap((line) => (line.kind === 'same' || line.kind === side ? [line.parts.map(({ text }) => text).join('')] : []));

describe('the difference', () => {
  it('marks lines, and the words within them', () => {
    const found = difference('Tea\nprice 7 €\nend', 'Tea\nprice 8 €\nend\nmore');
    assert.deepEqual([found.added, found.removed, found.cut], [2, 1, false]);
    assert.deepEqual(found.lines[1], {
      kind: 'removed',
      parts: [
        { text: 'price ', changed: false },
        { text: '7', changed: true },
        { text: ' €', changed: false },
      ],
    });
    assert.deepEqual(
      found.lines.map(({ kind }) => kind),
      ['same', 'removed', 'added', 'same', 'added'],
    );
  });

  it('shows three lines around a change, and counts the others', () => {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    const found = difference(lines.join('\n'), lines.with(25, 'other').join('\n'));
    assert.deepEqual(found.lines[0], { kind: 'skipped', lines: 22 });
    assert.equal(found.lines.length, 10);
    assert.deepEqual(difference('a\nb', 'a\nb').added, 0);
  });

  it('holds both texts', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'a b', 'c'), { minLength: 1, maxLength: 7 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        const found = difference(before, after);
        if (found.lines.some(({ kind }) => kind === 'skipped')) return;
        assert.equal(textsOf(found, 'removed').join('\n'), before);
        assert.equal(textsOf(found, 'added').join('\n'), after);
      }),
    );
  });

  it('is bounded in time and size', () => {
    const long = (seed: string) => Array.from({ length: 20_000 }, (_, index) => `${seed} ${index * 7_919} ${seed}`).join('\n');
    const before = process.cpuUsage();
    const found = difference(long('a'), long('b'));
    assert.ok(found.cut && found.lines.length <= 1_000);
    assert.ok(difference('x'.repeat(1_000_000), 'y'.repeat(1_000_000)).cut);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 5_000_000, `${user + system} µs of the processor`);
  });
});
