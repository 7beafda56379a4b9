/** The form's draft: presets become schedules, and an order comes back as the draft that makes it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Draft, draftOf, emptyDraft, inputOf, priceOf, readDraft } from './draft.ts';

const zone = 'Europe/Berlin';
const draft = (changes: Partial<Draft>): Draft => Object.assign({}, emptyDraft(zone), { address: 'example.org/prices' }, changes);
const repeatOf = (changes: Partial<Draft>) => inputOf(draft(changes)).schedule.repeat;

test('presets are schedules', () => {
  assert.deepEqual(repeatOf({}), { kind: 'interval', seconds: 3_600 });
  assert.deepEqual(repeatOf({ rhythm: 'workdays' }), { kind: 'cron', expression: '0 9 * * 1-5' });
  assert.deepEqual(repeatOf({ rhythm: 'daily', time: '18:30' }), { kind: 'cron', expression: '30 18 * * *' });
  const changes = inputOf(draft({ rhythm: 'changes' }));
  assert.deepEqual([changes.schedule.repeat, changes.onlyChanges], [{ kind: 'interval', seconds: 600 }, true]);
  assert.deepEqual(repeatOf({ rhythm: 'own', every: '5', unit: 'hours' }), { kind: 'interval', seconds: 18_000 });
});

test('an address without a scheme is a secure one', () => {
  assert.equal(inputOf(draft({})).address, 'https://example.org/prices');
  assert.equal(inputOf(draft({ address: 'localhost:3000/x' })).address, 'https://localhost:3000/x');
  assert.equal(inputOf(draft({ address: 'ftp://example.org' })).address, 'ftp://example.org', 'which the house refuses');
});

test('every order comes back as the draft that makes it', () => {
  const drafts = [
    draft({ rhythm: 'daily', time: '07:05' }),
    draft({ rhythm: 'workdays', limited: false }),
    draft({ rhythm: 'changes', part: 'css', expression: '#news', all: true, mail: true }),
    draft({ rhythm: 'own', ownKind: 'once', start: '2026-12-24T18:00' }),
    draft({ rhythm: 'own', ownKind: 'cron', cron: '*/5 * * * *', copies: '3', instrument: 'ERRANDS.TEA' }),
    draft({ rhythm: 'own', every: '90', unit: 'seconds', someHours: true, days: [6, 7], from: '22:00', to: '00:00', jitterMinutes: '1.5' }),
    draft({ headers: 'accept: text/html\naccept-language: de', method: 'HEAD', webhook: 'https://hooks.example/x', catchUp: 'all' }),
  ];
  for (const each of drafts) assert.deepEqual(inputOf(draftOf(inputOf(each))), inputOf(each));
});

test('a price is a coin for each repetition and copy', () => {
  assert.equal(priceOf(inputOf(draft({ repetitions: '24', copies: '2' }))), 48);
  assert.equal(priceOf(inputOf(draft({ limited: false, copies: '2' }))), 2);
});

test('what a browser kept is read as far as it is a draft', () => {
  assert.equal(readDraft(JSON.stringify(draft({ rhythm: 'daily' })), zone)?.rhythm, 'daily');
  assert.equal(readDraft('{"address": 7, "title": "Tea"}', zone)?.address, '');
  for (const text of [undefined, 'nonsense', 'null', '7']) assert.equal(readDraft(text, zone), undefined);
});
