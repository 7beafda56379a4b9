/** The demonstration's goods: each in both languages, and told in German only where they are as they were. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoProducts, demoTexts } from './demo-shop.ts';
import { textsFor } from './translations.ts';

test('every good, sentence and size has its German', () => {
  const texts = demoTexts();
  assert.equal(texts.length, 200);
  for (const { productId, english, german } of texts) {
    assert.equal(german.length, english.length, productId);
    for (const text of german) assert.match(text, /^\S.*\S$/, `${productId}: ${text}`);
  }
  assert.equal(new Set(texts.map(({ german: [name] }) => name)).size, 200, 'no name twice');
  for (const { id, keywords } of demoProducts()) assert.ok(keywords.length <= 400, id);
});

test('texts are in the language that is asked for first, and what a house wrote itself stays', () => {
  const german = textsFor('de-DE,de;q=0.9,en;q=0.8');
  const [{ productId, english } = { productId: '', english: [] }] = demoTexts();
  const [name = '', description = ''] = english;
  assert.equal(german.say(productId, name), 'Ostfriesenmischung');
  assert.match(german.say(productId, description), /Kluntje gemacht\. In der Speicherstadt/);
  assert.equal(german.say(productId, 'My Own Blend'), 'My Own Blend');
  assert.equal(german.say('my-own', name), name);
  for (const header of [undefined, 'en-GB,de;q=0.5', 'fr', '*']) assert.equal(textsFor(header).say(productId, name), name, String(header));
});
