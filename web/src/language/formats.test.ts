/** Formats of numbers and times in both languages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { english } from './english.ts';
import { formatsFor } from './formats.ts';
import { german } from './german.ts';

const [de, en] = [formatsFor('de', 'Europe/Berlin'), formatsFor('en', 'Europe/Berlin')];
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('prices always have two decimals', () => {
  assert.equal(en.price(62_340_000), '623,400.00');
  assert.equal(de.price(62_340_000), '623.400,00');
  assert.equal(en.price(692.5), '6.93');
});

test('changes have a sign as wide as a figure, and zero has none', () => {
  assert.equal(en.change(125), '+1.25%');
  assert.equal(en.change(-125), '\u22121.25%');
  assert.equal(plain(de.change(-125)), '\u22121,25 %');
  assert.equal(en.change(0), '0.00%');
  assert.equal(en.shortChange(-421), '\u22124.2');
});

test('unknown values and NaN are shown as a dash', () => {
  for (const format of [en.price, en.change, en.whole, en.compact, en.share]) {
    assert.equal(format(null), '–');
    assert.equal(format(Number.NaN), '–');
  }
});

test('large numbers have three significant digits, small ones are whole', () => {
  // The case of the letter depends on the ICU version.
  const texts = [9_999, 10_000, 159_480, 9_047_000].map((value) => en.compact(value).toLowerCase());
  assert.deepEqual(texts, ['9,999', '10.0k', '159k', '9.05m']);
  assert.equal(plain(de.compact(9_047_000)), '9,05 Mio.');
});

test('rates have a decimal while they are small', () => {
  assert.deepEqual([0, 0.42, 9.96, 12.4, 1_204].map(en.rate), ['0', '0.4', '10', '12', '1,204']);
});

test('times are in the user’s time zone', () => {
  const at = Date.UTC(2026, 2, 1, 23, 5, 9);
  assert.equal(en.time(at), '00:05:09');
  assert.equal(de.minute(at), '00:05');
  assert.equal(plain(de.day(at)), '2. März');
});

test('German has all words that English has', () => {
  const names = (words: object): string[] =>
    Object.entries(words).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && name !== 'sectors' ? names(value).map((below) => `${name}.${below}`) : [name],
    );
  assert.deepEqual(names(german).toSorted(), names(english).toSorted());
});
