/** Refusals in both languages: by their reason, field by field, by their code, and in the server's words when nothing else helps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestFailure } from '../api/api.ts';
import { formatsFor } from '../language/formats.ts';
import { english } from './english.ts';
import { german } from './german.ts';
import { refusalText } from './refusal-text.ts';

const refused = (said: object) => new RequestFailure(409, { message: 'as the server says', code: '', fields: [], ...said });
const inGerman = (said: object) => refusalText(refused(said), german, formatsFor('de'));
const inEnglish = (said: object) => refusalText(refused(said), english, formatsFor('en'));

test('a reason is said in the language of the reader, with its figures as they are written there', () => {
  const said = { code: 'conflict', reason: { name: 'coins-short', values: { total: 1_200, available: 5 } } };
  assert.equal(inGerman(said), 'Die Bestellung kostet 1.200 Taler, und in deinem Beutel sind 5.');
  assert.equal(inEnglish(said), 'The order costs 1,200 coins, and there are 5 in your wallet.');
});

test('fields that do not fit are told one by one, lines of a file by their numbers', () => {
  const fields = [
    { field: 'line 3', message: 'x', reason: { name: 'csv-field', values: { column: 'price', value: 'frei' } } },
    { field: 'city', message: 'x', reason: { name: 'field-missing', values: {} } },
  ];
  assert.equal(
    inGerman({ code: 'invalid_input', fields }),
    'Etwas ist nicht richtig ausgefüllt: Zeile 3: price kann nicht „frei“ sein; city: fehlt.',
  );
});

test('what has no reason is told by its code, and a reason that is not known in the words of the server', () => {
  assert.equal(inGerman({ code: 'overloaded' }), 'Das Haus hat gerade zu viel zu tun: versuch es gleich noch einmal.');
  assert.equal(inGerman({ code: 'conflict', reason: { name: 'of-tomorrow', values: {} } }), 'as the server says');
  assert.equal(inGerman({ code: 'conflict', reason: { name: 'toString', values: {} } }), 'as the server says');
});

test('both languages say all reasons and codes', () => {
  assert.deepEqual(Object.keys(german.reasons), Object.keys(english.reasons));
  assert.deepEqual(Object.keys(german.codes), Object.keys(english.codes));
});
