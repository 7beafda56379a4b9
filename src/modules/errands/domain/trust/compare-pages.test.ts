/** What an answer is, compared with two looks of the house. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compareWithLooks, type Said, secondLookInMs } from './compare-pages.ts';

const said = (...lines: string[]): Said => ({ key: lines.join('|'), text: lines.join('\n') });
const value = (text: string): Said => ({ key: text, text });

it('an answer that says what either look says is the same', () => {
  const looks = [said('Tea', '9:00'), said('Tea', '9:01')] as const;
  assert.equal(compareWithLooks(said('Tea', '9:00'), looks), 'same');
  assert.equal(compareWithLooks(said('Tea', '9:01'), looks), 'same');
});

it('a page that stood still says nothing else', () => {
  assert.equal(compareWithLooks(value('5'), [value('4'), value('4')]), 'other');
  assert.equal(compareWithLooks({ key: 'a', text: null }, [value('4'), value('4')]), 'other');
});

it('what differs between the looks decides nothing, and the rest does', () => {
  const looks = [said('Tea', '3 coins', '9:00'), said('Tea', '3 coins', '9:01')] as const;
  assert.equal(compareWithLooks(said('Tea', '3 coins', '8:59'), looks), 'undecided');
  assert.equal(compareWithLooks(said('Tea', '2 coins', '8:59'), looks), 'other', 'altered');
  assert.equal(compareWithLooks(said(), looks), 'other', 'empty');
  assert.equal(compareWithLooks(said('Tea', '3 coins', 'Buy here', '8:59'), looks), 'other', 'added');
  assert.equal(compareWithLooks({ key: 'picture', text: null }, looks), 'undecided');
});

it('a value that changes by itself decides nothing', () => {
  assert.equal(compareWithLooks(value('1'), [value('2'), value('3')]), 'undecided');
});

it('the second look is later than the answer is old, within limits', () => {
  assert.deepEqual([0, 1_000, 60_000].map(secondLookInMs), [5_000, 30_000, 60_000]);
});
