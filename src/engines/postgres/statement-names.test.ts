/** Names of statements: the same for the same text, bounded in number, and new after `forget`. */
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

it('does not name DDL or transaction control', () => {
  const names = new StatementNames();
  for (const text of ['create table selected (id integer)', 'begin', 'savepoint one', 'drop table updates'])
    assert.equal(names.of(text), undefined);
});

it('names a bounded number of texts, and keeps their names', () => {
  const names = new StatementNames();
  const first = names.of('select 0');
  const named = Array.from({ length: 1_000 }, (_, index) => names.of(`select ${index}`)).filter((name) => name !== undefined);
  assert.equal(new Set(named).size, 500);
  assert.equal(names.of('select 0'), first);
});

it('gives new names after `forget`', () => {
  const names = new StatementNames();
  const first = names.of('select 1');
  names.forget();
  assert.notEqual(names.of('select 1'), first);
});
