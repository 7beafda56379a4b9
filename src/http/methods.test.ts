/** Which methods a path takes, for answers with 405. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otherMethods } from './methods.ts';

test('lists the methods of all matching patterns, and of no other', () => {
  const routes = new Map([
    ['/api/things', new Set(['POST'])],
    ['/api/things/:id', new Set(['GET', 'HEAD'])],
    ['/api/things/first', new Set(['PUT'])],
    ['/*', new Set(['GET'])],
  ]);
  assert.deepEqual(otherMethods(routes, '/api/things'), ['POST']);
  assert.deepEqual(otherMethods(routes, '/api/things/7'), ['GET', 'HEAD']);
  assert.deepEqual(otherMethods(routes, '/api/things/first'), ['GET', 'HEAD', 'PUT']);
  assert.deepEqual(otherMethods(routes, '/api/things/'), [], 'an empty segment is not a parameter');
  assert.deepEqual(otherMethods(routes, '/api/things/7/more'), []);
  assert.deepEqual(otherMethods(routes, '/elsewhere'), [], 'a catch-all is ignored');
});
