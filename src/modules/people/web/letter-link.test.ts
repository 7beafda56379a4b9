/** Links of letters lead to our own pages, whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkIn, tokenIn } from './letter-link.ts';

const token = 'ab'.repeat(32);

test('the link in a letter becomes an address of the app', () => {
  assert.equal(linkIn(`Welcome:\n\nhttp://127.0.0.1:3000/account/open#${token}\n\nKontor`), `/account/open#${token}`);
  assert.equal(linkIn(`https://kontor.example/account/reset#${token}`), `/account/reset#${token}`);
  assert.equal(linkIn(`Write this behind the address of the house:\n\n/account/open#${token}`), `/account/open#${token}`);
});

test('other links are left alone', () => {
  for (const text of [`http://kontor.example/shop#${token}`, `see http://kontor.example/account/open#${token}`, 'no link'])
    assert.equal(linkIn(text), undefined, text);
});

test('a token is taken as a whole or not at all', () => {
  assert.equal(tokenIn(`#${token}`), token);
  for (const hash of ['', '#', `#${token.slice(1)}`, `#${token}0`]) assert.equal(tokenIn(hash), undefined);
});
