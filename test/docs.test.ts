/** The generated pages of docs/ say what the code says. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { stalePages, writtenPages } from '../tools/write-docs.ts';

it('the written pages are not stale', async () => {
  assert.deepEqual(await stalePages(), [], 'run `npm run docs` and commit what it wrote');
});

it('the written pages name every law and role', async () => {
  const text = (await writtenPages()).map((page) => page.text).join('\n');
  for (const name of ['`stocks-1`', '`stocks-2`', '`outbox-1`', '`auditor`', '`all`', '`PORT`'])
    assert.ok(text.includes(`| ${name} |`), name);
});

it('the tests that docs/security.md names exist', () => {
  const root = new URL('..', import.meta.url);
  const named = [...readFileSync(new URL('docs/security.md', root), 'utf8').matchAll(/`((?:src|test|web)\/[\w./-]+)`/g)].map(
    ([, path = '']) => path,
  );
  assert.ok(named.length > 100);
  assert.deepEqual(
    named.filter((path) => !existsSync(new URL(path, root))),
    [],
  );
});
