/** The table of options: defaults, flags over environment, and errors that name the option, the value and what is allowed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { flagOf } from '#core/options/option.ts';
import { modules } from '#house/modules.ts';
import { configurationPage } from './documentation.ts';
import { type Given, readConfig } from './read.ts';
import { allOptions } from './tables.ts';

function read(environment: Given['environment'] = {}, flags: Readonly<Record<string, string>> = {}) {
  return readConfig({ environment, flags: new Map(Object.entries(flags)) }, modules);
}

function refusal(environment: Given['environment'], flags: Readonly<Record<string, string>> = {}): KontorError {
  try {
    read(environment, flags);
  } catch (error) {
    assert.ok(error instanceof KontorError);
    assert.equal(error.code, 'invalid_option');
    return error;
  }
  throw new assert.AssertionError({ message: 'it should have been refused' });
}

describe('configuration', () => {
  it('has a default for everything that needs one, each allowed by its own kind', () => {
    const { config, warnings } = read();
    assert.equal(config.port, 3000);
    assert.equal(config.dataDir, './data');
    assert.equal(config.modules.stocks?.streamTradesUrl, undefined);
    assert.equal(config.modules.stocks?.stocksCompanies, undefined);
    assert.deepEqual(warnings, []);
  });

  it('puts the engines into the data folder', () => {
    assert.equal(read({ DATA_DIR: '/srv/books' }).config.stateUrl, 'sqlite:/srv/books/kontor.db');
    assert.equal(read({ STATE_URL: 'sqlite:elsewhere.db', DATA_DIR: '/srv/books' }).config.stateUrl, 'sqlite:elsewhere.db');
  });

  it('takes a data folder with a dollar sign as it is', () => {
    assert.equal(read({ DATA_DIR: '/srv/$&x' }).config.stateUrl, 'sqlite:/srv/$&x/kontor.db');
  });

  it('lets a flag win over the environment, and the environment over the default', () => {
    const { config, settings } = read({ PORT: '1', HOST: '::1' }, { '--port': '2' });
    assert.equal(config.port, 2);
    assert.equal(config.host, '::1');
    const from = (name: string) => settings.find((setting) => setting.name === name)?.from;
    assert.deepEqual([from('PORT'), from('HOST'), from('DATA_DIR')], ['flag', 'environment', 'default']);
  });

  it('takes an empty variable for one left out', () => {
    assert.equal(read({ PORT: '' }).config.port, 3000);
  });

  it('reads the name that operators already use, unless its own is set', () => {
    assert.equal(read({ MONGODB_URL: 'mongodb://one/' }).config.modules.stocks?.resultsUrl, 'mongodb://one/');
    assert.equal(read({ MONGODB_URL: 'mongodb://one/', RESULTS_URL: 'state' }).config.modules.stocks?.resultsUrl, 'state');
    assert.deepEqual(read({ MONGODB_URL: 'mongodb://one/' }).warnings, []);
    assert.match(refusal({ MONGODB_URL: 'mysql://one/' }).message, /^RESULTS_URL or MONGODB_URL is "mysql:/);
  });

  it('names the option, the value and what is allowed', () => {
    assert.equal(refusal({ PORT: 'eighty' }).message, 'PORT is "eighty", but must be a whole number from 0 to 65,535');
    assert.equal(refusal({}, { '--port': '70000' }).message, '--port is "70000", but must be a whole number from 0 to 65,535');
    assert.equal(refusal({ LOG_LEVEL: 'loud' }).message, 'LOG_LEVEL is "loud", but must be one of debug, info, warn, error');
    assert.match(refusal({ STATE_URL: 'mysql://x' }).message, /^STATE_URL is "mysql:\/\/x", but must be one of sqlite:PATH, postgres:/);
  });

  it('says everything that is wrong at once', () => {
    const { details } = refusal({ PORT: '-1', BATCH_SIZE: '0', TICKER_INTERVAL: 'fast' });
    assert.deepEqual(
      details.map(({ field }) => field),
      ['PORT', 'TICKER_INTERVAL', 'BATCH_SIZE'],
    );
  });

  for (const [name, bad] of [
    ['PORT', '1e3'],
    ['PORT', ' 80'],
    ['BATCH_SIZE', '100001'],
    ['TICKER_INTERVAL', '-1'],
    ['TICKER_INTERVAL', 'NaN'],
    ['STOCK', 'msft'],
    ['STOCK', 'MSFT,MSFT'],
    ['STOCK', 'MSFT,'],
    ['STATE_URL', 'sqlite:'],
    ['STATE_URL', 'sqlite'],
    ['CACHE_URL', 'memory:'],
    ['HOST', 'a b'],
    ['STOCKS_SEED', 'two\nlines'],
  ] as const) {
    it(`refuses ${name}=${JSON.stringify(bad)}`, () => {
      assert.deepEqual(
        refusal({ [name]: bad }).details.map(({ field }) => field),
        [name],
      );
    });
  }

  it('reads lists and fractions', () => {
    const { config } = read({ STOCK: 'MSFT, BRK.A', TICKER_INTERVAL: '0.5' });
    assert.deepEqual(config.modules.stocks?.stocksCompanies, ['MSFT', 'BRK.A']);
    assert.equal(config.modules.stocks?.tickerIntervalMs, 0.5);
  });

  it('suggests the flag that was probably meant', () => {
    assert.equal(refusal({}, { '--prot': '1' }).message, 'there is no option --prot; did you mean "--port"?');
    assert.equal(refusal({}, { '--zebra': '1' }).message, 'there is no option --zebra');
  });

  it('warns of names that look like slips, and of nothing else', () => {
    assert.match(read({ DATA_DRI: 'x' }).warnings.join(), /DATA_DRI, which is not read; did you mean DATA_DIR\?/);
    assert.match(read({ STOCKS: 'MSFT' }).warnings.join(), /did you mean STOCK\?/);
    assert.match(read({ KONTOR_PORT: '1' }).warnings.join(), /did you mean PORT\?/);
    assert.match(read({ STOCKS_SPEED_LIMIT: '1' }).warnings.join(), /STOCKS_SPEED_LIMIT, which is no option/);
    const ordinary = { HOSTNAME: 'x', PATH: 'x', HOME: 'x', PWD: 'x', SHLVL: '1', LANG: 'C', KONTOR_TEST_REQUIRE: 'postgres', SORT: 'x' };
    assert.deepEqual(read(ordinary).warnings, []);
  });

  it('never shows a password', () => {
    const addresses = [
      'postgres://me:hunter2@db/books',
      'postgres://me:hun@ter2/x@db/books',
      'postgres://me@db/books?sslpassword=hunter2&a=1',
    ];
    for (const address of addresses) {
      const shown = read({ STATE_URL: address }).settings.find(({ name }) => name === 'STATE_URL')?.shown ?? '';
      assert.doesNotMatch(shown, /hun|ter2/, address);
      assert.match(shown, /^postgres:\/\/me.*db\/books/);
    }
    assert.doesNotMatch(refusal({ STATE_URL: 'mysql://me:hunter2@db' }).message, /hunter2/);
  });

  it('documents every option', () => {
    const page = configurationPage(modules);
    for (const option of allOptions(modules)) assert.ok(page.includes(`| \`${option.name}\` | \`${flagOf(option)}\` |`), option.name);
  });
});
