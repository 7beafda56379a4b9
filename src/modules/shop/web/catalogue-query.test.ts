/** What an address asks of the catalogue, also when somebody wrote nonsense into it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiQuery, isNarrowed, pageIn } from './catalogue-query.ts';

const asked = (text: string) => Object.fromEntries(apiQuery(new URLSearchParams(text)));

test('an empty address asks for the first page of everything', () => {
  assert.deepEqual(asked(''), { sort: 'relevance', page: '1', pageSize: '24' });
});

test('what is chosen is asked for', () => {
  assert.deepEqual(asked('text=tea&category=tea&minPrice=5&maxPrice=20&inStock=true&sort=price&page=3'), {
    text: 'tea',
    category: 'tea',
    minPrice: '5',
    maxPrice: '20',
    inStock: 'true',
    sort: 'price',
    page: '3',
    pageSize: '24',
  });
});

test('nonsense is left out instead of being refused', () => {
  assert.deepEqual(asked('category=../x&minPrice=-1&maxPrice=1e9&inStock=maybe&sort=best&page=0&text=++'), {
    sort: 'relevance',
    page: '1',
    pageSize: '24',
  });
  assert.equal(pageIn(new URLSearchParams('page=99999')), 1);
});

test('sorting and leafing do not narrow anything down', () => {
  assert.equal(isNarrowed(new URLSearchParams('sort=price&page=2&text=')), false);
  assert.equal(isNarrowed(new URLSearchParams('inStock=true')), true);
});
