/** Names of saved files: whatever a page says, they stay in the folder, and every file system takes them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ResultItem } from '../../domain/result-items.ts';
import { defaultTemplate, fileName, readTemplate } from './file-names.ts';

const item: ResultItem = {
  order: 'KE-7G2M-Q0ZD-41XB',
  number: 42,
  feed: 99,
  generation: 1,
  slot: 40,
  outcome: 'delivered',
  withdraws: null,
  reason: null,
  dueAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  claimedAt: null,
  deliveredAt: 0,
  attempts: 1,
  status: 200,
  address: 'https://example.org:8443/a/../b',
  contentType: 'text/html; charset=utf-8',
  bytes: 3,
  sha256: null,
  value: null,
  micros: null,
  changed: true,
};

describe('names of saved files', () => {
  it('are made of the template', () => {
    assert.equal(fileName(defaultTemplate, item, 'page'), 'KE-7G2M-Q0ZD-41XB/20260102T030405Z-000042.html');
    assert.equal(fileName('{host}/{date}/{time}-{slot}.{ext}', item, 'value'), 'example.org-8443/2026-01-02/030405-40.txt');
    assert.equal(fileName('{due}.{ext}', { ...item, dueAt: item.dueAt + 7, contentType: 'x/../../y' }, 'page'), '20260102T030405.007Z.bin');
  });

  for (const template of [
    '../{number}',
    '/etc/{number}',
    'a//b',
    'a/./b',
    '.hidden',
    'a/..',
    'a\\b',
    'a b',
    'nul',
    'con.txt',
    'a/COM1.{ext}',
    '{nothing}',
    '{number',
    'index.jsonl',
    '',
    'a.',
    'x'.repeat(301),
  ]) {
    it(`refuses the template ${JSON.stringify(template).slice(0, 40)}`, () =>
      assert.throws(() => readTemplate(template), { code: 'invalid_option' }));
  }

  for (const address of ['https://../x', 'https://con/x', `https://${'a.'.repeat(120)}org/`, 'not an address', 'https://[::1]/', null]) {
    it(`stays in the folder with the address ${String(address).slice(0, 30)}`, () => {
      const name = fileName('{host}/{host}.{ext}', { ...item, address }, 'page');
      for (const segment of name.split('/')) {
        assert.match(segment, /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/);
        assert.doesNotMatch(segment, /^(con|nul)(\.|$)|\.$/i);
      }
    });
  }
});
