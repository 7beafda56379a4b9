/** The API's documentation in a browser: a form for each operation sends the request and shows the answer. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { house, visits } from './visited-house.ts';

describe('the documentation of the API', () => {
  const { visit, complaints } = visits();

  it('tries an operation out, and has the address of this house', async () => {
    const page = await visit('/api/docs');
    await page.locator('.base', { hasText: house().url }).first().waitFor();
    const card = page.locator('#GET--api-stocks-companies-code');
    await card.getByRole('button', { name: 'Try it' }).click();
    await card.getByLabel('code (path)').fill('MSFT');
    await card.getByRole('button', { name: 'Send' }).click();
    await card.getByText(/^200 OK, \d+ ms.*"company": "MSFT"/s).waitFor();
    await card.getByLabel('code (path)').fill('no company');
    await card.getByRole('button', { name: 'Send' }).click();
    await card.getByText(/^400 .*must match/s).waitFor();
    assert.deepEqual(
      complaints().filter((line) => !line.startsWith('400:')),
      [],
    );
  });
});
