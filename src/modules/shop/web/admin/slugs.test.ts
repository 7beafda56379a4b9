/** What is made of names is taken by the API: letters, digits and single hyphens. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { articleNumberOf, slugOf } from './slugs.ts';

test('names become slugs', () => {
  assert.equal(slugOf('Grüner Tee, 250 g'), 'gruener-tee-250-g');
  assert.equal(slugOf('  Crème brûlée – the sailor’s '), 'creme-brulee-the-sailors');
  assert.equal(slugOf('漢字'), '');
  assert.match(slugOf(`${'x'.repeat(79)} y`), /^x{79}$/);
});

test('variants become article numbers', () => {
  assert.equal(articleNumberOf('green-tea', '250 g'), 'GREEN-TEA-250-G');
  assert.equal(articleNumberOf('', 'One'), 'ONE');
  assert.equal(articleNumberOf('green-tea', ''), 'GREEN-TEA');
});
