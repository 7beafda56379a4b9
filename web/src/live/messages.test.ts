/** Messages of the protocol are read; all others are refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readServerMessage } from './messages.ts';

test('every kind of message is read', () => {
  const messages = [
    { type: 'snap', channel: 'market', epoch: 'e', pos: 3, state: [] },
    { type: 'delta', channel: 'market', base: 3, pos: 4, changed: [] },
    { type: 'pong' },
    { type: 'error', message: 'no such channel' },
    { type: 'bye', reason: 'stopping' },
  ];
  for (const message of messages) assert.deepEqual(readServerMessage(JSON.stringify(message)), message);
});

test('messages outside the protocol are refused', () => {
  const texts = [
    '',
    'hello',
    'null',
    '7',
    '[]',
    '{}',
    '{"type":"prices"}',
    '{"type":"snap","channel":"market","pos":3,"state":[]}',
    '{"type":"delta","channel":"market","base":"3","pos":4,"changed":[]}',
    '{"type":"snap","channel":"market","epoch":"e","pos":3,"state":null}',
  ];
  for (const text of texts) assert.equal(readServerMessage(text), undefined, text);
});
