/** Texts of refusals in both languages: by reason, by field, by code, and otherwise in the server's words. */
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { houseRefusals } from '#core/house-refusals.ts';
import { RequestFailure } from '../api/api.ts';
import { formatsFor, type Language } from '../language/formats.ts';
import { codeTexts } from './code-texts.ts';
import type { AnyRefusals } from './refusal-table.ts';
import { refusalText } from './refusal-text.ts';

const root = new URL('../../../', import.meta.url);
const paths = globSync(['src/modules/*/refusals.ts', 'src/modules/*/web/refusals.ts'], { cwd: root });
const tables: readonly AnyRefusals[] = [houseRefusals, ...(await Promise.all(paths.map(tableIn)))];
const refusals: AnyRefusals = Object.assign({}, ...tables);

async function tableIn(path: string): Promise<AnyRefusals> {
  const [table] = Object.values((await import(new URL(path, root).href)) as Record<string, AnyRefusals>);
  assert.ok(table, path);
  return table;
}

const said = (language: Language, what: object) =>
  refusalText(new RequestFailure(409, { message: 'as the server says', code: '', fields: [], ...what }), {
    language,
    formats: formatsFor(language),
    refusals,
  });
const inGerman = (what: object) => said('de', what);
const inEnglish = (what: object) => said('en', what);

test('a reason is worded in the user’s language, with numbers formatted for it', () => {
  const what = { code: 'conflict', reason: { name: 'coins-short', values: { total: 1_200, available: 5 } } };
  assert.equal(inGerman(what), 'Die Bestellung kostet 1.200 Taler, und in deinem Beutel sind 5.');
  assert.equal(inEnglish(what), 'The order costs 1,200 coins, and there are 5 in your wallet.');
});

test('invalid fields are listed, lines of a file by their numbers', () => {
  const fields = [
    { field: 'line 3', message: 'x', reason: { name: 'csv-field', values: { column: 'price', value: 'frei' } } },
    { field: 'city', message: 'x', reason: { name: 'field-missing', values: {} } },
  ];
  assert.equal(
    inGerman({ code: 'invalid_input', fields }),
    'Etwas ist nicht richtig ausgefüllt: Zeile 3: price kann nicht „frei“ sein; city: fehlt.',
  );
});

test('a refusal without a reason is worded by its code, an unknown reason in the server’s words', () => {
  assert.equal(inGerman({ code: 'overloaded' }), 'Das Haus hat gerade zu viel zu tun: versuch es gleich noch einmal.');
  assert.equal(inGerman({ code: 'conflict', reason: { name: 'of-tomorrow', values: {} } }), 'as the server says');
  assert.equal(inGerman({ code: 'conflict', reason: { name: 'toString', values: {} } }), 'as the server says');
});

test('all reasons and codes have words in both languages', () => {
  for (const [name, wording] of [...Object.entries(refusals), ...Object.entries(codeTexts)])
    for (const language of ['en', 'de'] as const) assert.ok(wording[language], `${name}: ${language}`);
});

test('no two modules have a reason of the same name', () => {
  const names = tables.flatMap((table) => Object.keys(table));
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
  assert.ok(tables.length > 3, `found only ${paths.join(', ')}`);
});
