/** Where links in letters lead: never to a host that only a request names, once others reach the house. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '#config/read.ts';
import { linksWarning, settingsOf } from './settings.ts';

function origins(environment: Record<string, string>): readonly [string | undefined, boolean] {
  const { config } = readConfig({ environment, flags: new Map() }, []);
  return [settingsOf(config, { name: 'people' }).publicOrigin, linksWarning(config) !== undefined];
}

test('links begin with what the operator named, or with a checked host where no proxy stands before', () => {
  const proxied = { TRUSTED_PROXIES: '10.0.0.7' };
  const named = { ALLOWED_HOSTS: 'kontor.example,other.example' };
  const outside = { HOST: '0.0.0.0' };
  assert.deepEqual(origins({}), [undefined, false]);
  assert.deepEqual(origins(named), [undefined, false]);
  assert.deepEqual(origins({ ...proxied, ...named }), ['https://kontor.example', false]);
  assert.deepEqual(origins({ ...outside, ...named }), ['https://kontor.example', false]);
  assert.deepEqual(origins({ ...proxied, ...named, PUBLIC_URL: 'https://house.example' }), ['https://house.example', false]);
  for (const reached of [proxied, outside]) assert.deepEqual(origins(reached), ['http://localhost:3000', true]);
});
