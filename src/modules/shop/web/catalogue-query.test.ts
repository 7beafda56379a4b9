/** What an address asks of the catalogue, also when somebody wrote nonsense into it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiQuery, isNarrowed, pageIn } from './catalogue-query.ts';

const asked = (text: string) => apiQuery(new URLSearchParams(text));

test('an empty address asks for the first page of everything', () => {
  assert.deepEqual(asked(''), { sort: 'relevance', limit: 24 });
});

test('what is chosen is asked for', () => {
  assert.deepEqual(asked('text=tea&category=tea&minPrice=5&maxPrice=20&inStock=true&sort=price&page=3&after=WzFd'), {
    text: 'tea',
    category: 'tea',
    minPrice: 5,
    maxPrice: 20,
    inStock: true,
    sort: 'price',
    limit: 24,
    after: 'WzFd',
  });
});

test('nonsense is left out instead of being refused', () => {
  const nonsense = 'category=../x&minPrice=-1&maxPrice=1e9&inStock=maybe&sort=best&page=0&text=++&after=WzFd';
  assert.deepEqual(asked(nonsense), { sort: 'relevance', limit: 24 });
  for (const text of ['page=99999&after=WzFd', 'page=3', 'page=3&after=no.cursor', 'after=WzFd']) {
    assert.deepEqual(asked(text), { sort: 'relevance', limit: 24 }, text);
    assert.equal(pageIn(new URLSearchParams(text)), 1, text);
  }
});

test('sorting and leafing do not narrow anything down', () => {
  assert.equal(isNarrowed(new URLSearchParams('sort=price&page=2&after=WzFd&text=')), false);
  assert.equal(isNarrowed(new URLSearchParams('inStock=true')), true);
});
