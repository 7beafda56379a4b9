/** The generated pages of docs/ say what the code says. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { stalePages, writtenPages } from '../tools/write-docs.ts';

it('the written pages are not stale', async () => {
  assert.deepEqual(await stalePages(), [], 'run `npm run docs` and commit what it wrote');
});

it('the written pages name every law and role', () => {
  const text = writtenPages()
    .map((page) => page.text)
    .join('\n');
  for (const name of ['`stocks-1`', '`stocks-2`', '`outbox-1`', '`auditor`', '`all`', '`PORT`'])
    assert.ok(text.includes(`| ${name} |`), name);
});
