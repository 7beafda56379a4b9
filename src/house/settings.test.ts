/** Where links in letters lead: never to a host that only a request names, once others reach the house. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '#config/read.ts';
import { readHouseConfig } from './read-config.ts';
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
  for (const reached of [proxied, outside]) assert.deepEqual(origins(reached), [undefined, true]);
});

test('the own hosts are those of the address that the house listens on', () => {
  const hosts = (environment: Record<string, string>) => {
    const { config } = readConfig({ environment, flags: new Map() }, []);
    return settingsOf(config, { name: 'errands' }).ownHosts;
  };
  assert.deepEqual(hosts({}), ['127.0.0.1:3000', 'localhost:3000']);
  assert.deepEqual(hosts({ HOST: '::1', PORT: '80' }), ['[::1]:80', 'localhost:80']);
  assert.deepEqual(hosts({ HOST: '0.0.0.0', PORT: '3001' }), ['127.0.0.1:3001', 'localhost:3001']);
  assert.deepEqual(hosts({ PORT: '0' }), []);
});

test('RABBITMQ_URL names the broker of existing publishers, and leaves the streams where they are', () => {
  const { config, warnings } = readHouseConfig({ environment: { RABBITMQ_URL: 'amqp://elsewhere' }, flags: new Map() });
  assert.equal(config.streamUrl, 'sqlite:./data/stream.db');
  assert.deepEqual(warnings, []);
});
