/** Messages of clients on `/live`, and the answers to bad ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readClientMessage } from './messages.ts';

test('messages of the protocol are read, and nothing beside it is kept', () => {
  assert.deepEqual(readClientMessage('{"type":"sub","channel":"market"}'), { message: { type: 'sub', channel: 'market' } });
  assert.deepEqual(readClientMessage('{"type":"sub","channel":"batches:MSFT","since":{"epoch":"e","pos":7,"x":1},"hz":10,"y":2}'), {
    message: { type: 'sub', channel: 'batches:MSFT', since: { epoch: 'e', pos: 7 }, hz: 10 },
  });
  assert.deepEqual(readClientMessage('{"type":"unsub","channel":"proof"}'), { message: { type: 'unsub', channel: 'proof' } });
  assert.deepEqual(readClientMessage('{"type":"ping"}'), { message: { type: 'ping' } });
  assert.deepEqual(readClientMessage('{"type":"ping","at":1.5}'), { message: { type: 'ping', at: 1.5 } });
});

const bad: readonly [text: string, names: RegExp][] = [
  ['', /not JSON/],
  ['{', /not JSON/],
  ['null', /JSON object/],
  ['[]', /JSON object/],
  ['{"type":"subscribe"}', /"type" must be one of/],
  ['{"type":"sub"}', /"channel" must be/],
  ['{"type":"sub","channel":7}', /"channel" must be/],
  [`{"type":"sub","channel":"${'x'.repeat(65)}"}`, /"channel" must be/],
  ['{"type":"unsub","channel":""}', /"channel" must be/],
  ['{"type":"sub","channel":"market","hz":0}', /"hz" must be a number from 1 to 10/],
  ['{"type":"sub","channel":"market","hz":11}', /"hz" must be/],
  ['{"type":"sub","channel":"market","hz":"4"}', /"hz" must be/],
  ['{"type":"sub","channel":"market","since":7}', /"since" must be/],
  ['{"type":"sub","channel":"market","since":{"epoch":"e","pos":-1}}', /"since" must be/],
  ['{"type":"sub","channel":"market","since":{"epoch":"e","pos":1.5}}', /"since" must be/],
  ['{"type":"sub","channel":"market","since":{"pos":1}}', /"since" must be/],
  ['{"type":"ping","at":"now"}', /"at" must be a number/],
];

for (const [text, names] of bad) {
  test(`a bad message is told what is wrong with it: ${text.slice(0, 60)}`, () => {
    const read = readClientMessage(text);
    assert.ok('error' in read);
    assert.match(read.error, names);
  });
}
