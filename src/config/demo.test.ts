/** When a house is a demonstration. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDemo } from './demo.ts';
import { readConfig } from './read.ts';

const demo = (environment: Record<string, string>) => isDemo(readConfig({ environment, flags: new Map() }, []).config);

describe('a demonstration', () => {
  for (const [environment, is] of [
    [{}, true],
    [{ HOST: 'localhost' }, true],
    [{ HOST: '0.0.0.0' }, false],
    [{ ALLOWED_HOSTS: 'kontor.example' }, false],
    [{ TRUSTED_PROXIES: '10.0.0.1' }, false],
    [{ PUBLIC_URL: 'https://kontor.example' }, false],
    [{ DEMO: 'off' }, false],
    [{ DEMO: 'on', HOST: '0.0.0.0' }, true],
  ] as const) {
    it(`${is ? 'is' : 'is not'} a house with ${JSON.stringify(environment)}`, () => assert.equal(demo(environment), is));
  }
});
