/** Which methods an address takes, when the one asked for is not among them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otherMethods } from './methods.ts';

test('the methods of every pattern that fits are told, and of no other', () => {
  const routes = new Map([
    ['/api/things', new Set(['POST'])],
    ['/api/things/:id', new Set(['GET', 'HEAD'])],
    ['/api/things/first', new Set(['PUT'])],
    ['/*', new Set(['GET'])],
  ]);
  assert.deepEqual(otherMethods(routes, '/api/things'), ['POST']);
  assert.deepEqual(otherMethods(routes, '/api/things/7'), ['GET', 'HEAD']);
  assert.deepEqual(otherMethods(routes, '/api/things/first'), ['GET', 'HEAD', 'PUT']);
  assert.deepEqual(otherMethods(routes, '/api/things/'), [], 'an empty step is no parameter');
  assert.deepEqual(otherMethods(routes, '/api/things/7/more'), []);
  assert.deepEqual(otherMethods(routes, '/elsewhere'), [], 'a catch-all claims nothing');
});
