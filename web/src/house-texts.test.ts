/** Phrases of the house with numbers in them, and reasons that nobody has translated. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addHouseTexts, houseText } from './house-texts.ts';

addHouseTexts([{ 'caught … of … fish': 'fing … von … Fischen' }, { 'the nets stay empty': 'die Netze bleiben leer' }]);

test('a known phrase keeps its numbers', () => {
  assert.deepEqual(houseText('caught 12 of 300 fish', 'de'), { text: 'fing 12 von 300 Fischen', english: '' });
  assert.deepEqual(houseText('caught 12 of 300 fish', 'en'), { text: 'caught 12 of 300 fish', english: '' });
});

test('the reason of a failure stays as it is', () => {
  assert.deepEqual(houseText('the nets stay empty: port 9: refused', 'de'), {
    text: 'die Netze bleiben leer: ',
    english: 'port 9: refused',
  });
});

test('what is unknown stays English, also when it is called as every object has something', () => {
  for (const said of ['it rains', 'it rains: hard', 'constructor', ''])
    assert.deepEqual(houseText(said, 'de'), { text: '', english: said });
});
