/** Search words: what counts as the same word in spite of slips, and what does not. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { queryWords, scoreOf, trigramsOf, wordsOf } from './search-words.ts';

const text = { name: wordsOf('Lübeck Marzipan'), about: wordsOf('almond süß Straße') };
const score = (query: string) => scoreOf(queryWords(query), text);

it('reads words without case, accents and punctuation', () => {
  assert.deepEqual(wordsOf('  Süße  Straße, 250g!'), ['susse', 'strasse', '250g']);
  assert.deepEqual(queryWords('tea TEA téa'), ['tea']);
  assert.deepEqual(trigramsOf('tee'), ['  t', ' te', 'tee', 'ee ']);
});

it('forgives one slip in a short word, two in a long one, and none in a tiny one', () => {
  for (const query of ['marzipan', 'MARZI', 'marzipna', 'mazipan', 'marzzipan', 'lubek', 'süss', 'strase', 'mrazipn']) {
    assert.ok(score(query) > 0, query);
  }
  for (const query of ['mar zap', 'lueneburg', 'xyz', 'al mo nd x']) assert.equal(score(query), 0, query);
});

it('puts the exact before the similar, the name before what is said about it, and wants every word', () => {
  assert.ok(score('marzipan') > score('marzipna'));
  assert.ok(score('lübeck') > score('almond'));
  assert.equal(score('marzipan herring'), 0);
});
