/** The contract of the Random port: each promise as a test. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Random } from '#core/ports/random.ts';

const draws = 5_000;

export function randomContract(name: string, open: () => Random): void {
  const drawn = <Value>(draw: (random: Random) => Value): Value[] => {
    const random = open();
    return Array.from({ length: draws }, () => draw(random));
  };

  describe(`Random: ${name}`, () => {
    it('int is a whole number in [0, below), and returns each of them', () => {
      const values = drawn((random) => random.int(6));
      assert.deepEqual([...new Set(values)].sort(), [0, 1, 2, 3, 4, 5]);
      for (const value of new Set(values)) {
        const share = values.filter((other) => other === value).length / draws;
        assert.ok(share > 0.1 && share < 0.24, `${value} came with a share of ${share}`);
      }
      assert.deepEqual(new Set(drawn((random) => random.int(1))), new Set([0]));
    });

    it('int reaches beyond 32 bits', () => {
      const below = 2 ** 45;
      const values = drawn((random) => random.int(below));
      assert.ok(values.every((value) => Number.isSafeInteger(value) && value >= 0 && value < below));
      assert.ok(values.some((value) => value > below / 2) && values.some((value) => value < below / 2));
      assert.ok(values.some((value) => value % 2 === 1) && values.some((value) => value % 2 === 0), 'down to the last bit');
    });

    it('float is a number in [0, 1), spread evenly', () => {
      const values = drawn((random) => random.float());
      assert.ok(values.every((value) => value >= 0 && value < 1));
      const mean = values.reduce((sum, value) => sum + value, 0) / draws;
      assert.ok(mean > 0.45 && mean < 0.55, `mean ${mean}`);
      assert.equal(new Set(values).size, draws);
    });

    it('id is 32 lower-case hex characters and never repeats', () => {
      const ids = drawn((random) => random.id());
      for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
      assert.equal(new Set(ids).size, draws);
    });
  });
}
