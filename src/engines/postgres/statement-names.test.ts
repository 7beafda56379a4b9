/** Statements get names: the same text the same one, a bounded number of texts, and new ones after what was prepared is forgotten. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { StatementNames } from './statement-names.ts';

it('names a text once, and others differently', () => {
  const names = new StatementNames();
  const first = names.of('select 1');
  assert.ok(first);
  assert.equal(names.of('select 1'), first);
  assert.notEqual(names.of('select 2'), first);
});

it('leaves alone what defines tables or ends transactions', () => {
  const names = new StatementNames();
  for (const text of ['create table selected (id integer)', 'begin', 'savepoint one', 'drop table updates'])
    assert.equal(names.of(text), undefined);
});

it('names a bounded number of texts, and goes on naming those', () => {
  const names = new StatementNames();
  const first = names.of('select 0');
  const named = Array.from({ length: 1_000 }, (_, index) => names.of(`select ${index}`)).filter((name) => name !== undefined);
  assert.equal(new Set(named).size, 500);
  assert.equal(names.of('select 0'), first);
});

it('gives new names after it forgot the old ones', () => {
  const names = new StatementNames();
  const first = names.of('select 1');
  names.forget();
  assert.notEqual(names.of('select 1'), first);
});
