/** Keys are spread over all nodes, and most of them stay where they are when a node is added. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Ring } from './memcached-ring.ts';

const keys = Array.from({ length: 10_000 }, (_, index) => `key ${index}`);
const ringOf = (...names: readonly string[]) => new Ring(new Map(names.map((name) => [name, name])));

it('keys are spread about evenly', () => {
  const ring = ringOf('a:1', 'b:1', 'c:1', 'd:1');
  const counts = Map.groupBy(keys, (key) => ring.nodeOf(key));
  assert.equal(counts.size, 4);
  for (const [node, own] of counts) assert.ok(own.length > 1_800 && own.length < 3_300, `${node} has ${own.length}`);
});

it('the order of the nodes makes no difference', () => {
  const [one, other] = [ringOf('a:1', 'b:1', 'c:1'), ringOf('c:1', 'a:1', 'b:1')];
  for (const key of keys) assert.equal(one.nodeOf(key), other.nodeOf(key));
});

it('a new node takes its share, and no other key moves', () => {
  const [before, after] = [ringOf('a:1', 'b:1', 'c:1'), ringOf('a:1', 'b:1', 'c:1', 'd:1')];
  const moved = keys.filter((key) => before.nodeOf(key) !== after.nodeOf(key));
  assert.ok(moved.every((key) => after.nodeOf(key) === 'd:1'));
  assert.ok(moved.length > 1_800 && moved.length < 3_300, `${moved.length} moved`);
});

it('a single node has all keys, and no node none', () => {
  assert.equal(ringOf('a:1').nodeOf('key'), 'a:1');
  assert.equal(ringOf().nodeOf('key'), undefined);
});
