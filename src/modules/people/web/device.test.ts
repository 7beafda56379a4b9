/** Browsers are told apart although each names the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceOf } from './device.ts';

test('the usual browsers are known', () => {
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  const agents = [
    [`Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/147.0.0.0 Safari/537.36`, 'Chrome', 'Linux'],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/147.0.0.0 Safari/537.36 Edg/147.0.0.0`, 'Edge', 'Windows'],
    ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'Firefox', 'Android'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1', 'Safari', 'iOS'],
  ] as const;
  for (const [agent, browser, system] of agents) assert.deepEqual(deviceOf(agent), { browser, system });
});

test('a program that is no browser is not called one', () => {
  assert.equal(deviceOf('curl/8.0'), undefined);
  assert.equal(deviceOf(''), undefined);
});
