/** Where the arrow keys lead in a grid with gaps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellAfter } from './grid-keys.ts';

/** Two seats, an aisle, two seats; the second row has no window on the left. */
const rows = ['AB CD', ' B CD', 'AB CD'];
const there = ({ row, column }: { row: number; column: number }) => (rows[row]?.[column] ?? ' ') !== ' ';
const after = (row: number, column: number, key: string) => cellAfter({ row, column }, key, { rows: 3, columns: 5 }, there);

test('arrows step over the aisle and over gaps', () => {
  assert.deepEqual(after(0, 1, 'ArrowRight'), { row: 0, column: 3 });
  assert.deepEqual(after(0, 3, 'ArrowLeft'), { row: 0, column: 1 });
  assert.deepEqual(after(0, 0, 'ArrowDown'), { row: 2, column: 0 });
});

test('Home and End lead to the ends of the row', () => {
  assert.deepEqual(after(1, 3, 'Home'), { row: 1, column: 1 });
  assert.deepEqual(after(1, 1, 'End'), { row: 1, column: 4 });
});

test('at the edge nothing moves, and other keys are left alone', () => {
  assert.equal(after(0, 4, 'ArrowRight'), undefined);
  assert.equal(after(0, 0, 'ArrowUp'), undefined);
  assert.equal(after(0, 0, 'a'), undefined);
});
