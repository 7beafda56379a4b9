/** An id is read back from its own cookie, and from nothing else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignedCookie } from './signed-cookie.ts';

const id = 'a'.repeat(32);
const options = { key: 'key', name: 'kontor_guest', lifeDays: 30 };
const cookie = new SignedCookie(options);

const sent = (text: string) => text.split(';')[0] ?? '';

test('over TLS only this host can set it; without, it is the same but for the name', () => {
  assert.match(
    cookie.written(id, 'https'),
    /^__Host-kontor_guest=a{32}\.[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure$/,
  );
  assert.match(cookie.written(id, 'http'), /^kontor_guest=a{32}\.[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/);
  assert.equal(cookie.removed('https'), '__Host-kontor_guest=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure');
});

test('it is read among others, again and again, and only by the protocol it was written for', () => {
  const [plain, secure] = [sent(cookie.written(id, 'http')), sent(cookie.written(id, 'https'))];
  for (let times = 0; times < 2; times += 1) assert.equal(cookie.read(`other=1; ${plain}; more=2`, 'http'), id);
  assert.equal(cookie.read(secure, 'https'), id);
  assert.equal(cookie.read(plain, 'https'), undefined, 'another host could have set it');
  assert.equal(cookie.read(undefined, 'http'), undefined);
});

test('one with another signature, key or name is nobody’s', () => {
  const text = sent(cookie.written(id, 'http'));
  assert.equal(cookie.read(text, 'http'), id);
  for (const forged of [text.replace('=a', '=b'), text.replace(/.$/, (last) => (last === '0' ? '1' : '0')), text.slice(0, -1), `${text}0`])
    assert.equal(cookie.read(forged, 'http'), undefined, forged);
  for (const other of [
    { ...options, key: 'another' },
    { ...options, name: 'kontor_visitor' },
  ])
    assert.equal(new SignedCookie(other).read(text, 'http'), undefined);
});
