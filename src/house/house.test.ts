/** A house put together from a market of the test's own, on real embedded engines. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Config } from '#config/options.ts';
import { KontorError } from '#core/errors.ts';
import type { Module } from '#core/module.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Role } from '#core/role.ts';
import type { Web } from '#http/types.ts';
import { settingsFrom } from '#modules/stocks/domain/settings.ts';
import type { stocksOptions } from '#modules/stocks/options.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { compose } from './composition.ts';
import { openEngines } from './engines.ts';
import { type House, openHouse } from './house.ts';
import { openMetrics } from './metrics.ts';
import { modules } from './modules.ts';
import { processHolder } from './process-holder.ts';
import { readHouseConfig } from './read-config.ts';
import { realClock } from './real-clock.ts';
import { realRandom } from './real-random.ts';
import { settingsOf } from './settings.ts';

const never = new AbortController().signal;
const basics = () => ({ clock: realClock, random: realRandom, holder: processHolder(), log: silentLog() });

function configured(environment: Record<string, string>) {
  return readHouseConfig({ environment: { PORT: '0', ...environment }, flags: new Map() }).config;
}

function moduleOf(...roles: readonly Role<Web>[]): Module<Web> {
  return {
    name: 'test',
    says: 'A test.',
    options: {},
    commands: [],
    roles: () => roles,
    laws: () => [],
    topics: () => [{ name: 'test', keepMs: 0, keepBytes: 0, maxBacklogBytes: 1_000_000 }],
    migrations: [
      {
        id: 'test-001-things',
        up: async (queries) => queries.schema.createTable('thing').addColumn('id', 'text').execute(),
      },
    ],
  };
}

/** A role that answers /thing, and hands out what it was given. */
function thingRole(happened: string[] = []): Role<Web> & { given?: { ports: Ports; fail(error: unknown): void } } {
  const role: ReturnType<typeof thingRole> = {
    name: 'thing',
    says: 'Serves a thing.',
    needs: [],
    instances: 'many',
    async start(context) {
      role.given = context;
      return {
        web: { routes: (server) => void server.get('/thing', async () => ({ thing: true })) },
        status: () => ({ ready: true, says: 'active' }),
        drain: async () => void happened.push('drain'),
        stop: async () => void happened.push('stop'),
      };
    },
  };
  return role;
}

async function open(t: TestContext, module: Module<Web>, roles: readonly string[], dataDir = temporaryFolder(t)): Promise<House> {
  const config = configured({ DATA_DIR: dataDir });
  const house = await openHouse({ config, modules: [module], roles, basics: basics(), metrics: openMetrics(), signal: never });
  t.after(() => house.stop(AbortSignal.abort(), never).catch(() => {}));
  return house;
}

describe('a house', () => {
  it('gives its roles migrated books and declared topics, and serves what they serve', async (t) => {
    const role = thingRole();
    const house = await open(t, moduleOf(role), ['thing']);
    assert.deepEqual(await (await fetch(`${house.url}/thing`)).json(), { thing: true });
    const { state, stream } = role.given?.ports ?? assert.fail('the role did not start');
    assert.equal(
      (
        await state.read((queries) =>
          queries
            .selectFrom('thing' as never)
            .selectAll()
            .execute(),
        )
      ).length,
      0,
    );
    assert.equal(await stream.publish('test', 'a', { first: 1, count: 1, body: new Uint8Array(1) }), 'published');
  });

  it('tells on /ready the state of each role', async (t) => {
    const lame: Role<Web> = {
      ...thingRole(),
      name: 'lame',
      start: async () => ({ status: () => ({ ready: false, says: 'disk full' }), stop: async () => {} }),
    };
    const house = await open(t, moduleOf(thingRole(), lame), ['thing', 'lame']);
    const response = await fetch(`${house.url}/ready`);
    assert.equal(response.status, 503);
    const { roles } = (await response.json()) as { roles: unknown };
    assert.deepEqual(roles, { thing: { ready: true, says: 'active' }, lame: { ready: false, says: 'disk full' } });
  });

  it('drains, then stops its roles, then closes its engines', async (t) => {
    const happened: string[] = [];
    const role = thingRole(happened);
    const house = await open(t, moduleOf(role), ['thing']);
    const { state } = role.given?.ports ?? assert.fail('the role did not start');
    await house.stop(never, never);
    assert.deepEqual(happened, ['drain', 'stop']);
    await assert.rejects(fetch(`${house.url}/thing`));
    await assert.rejects(state.ping());
  });

  it('tells when a role cannot go on, by its name', async (t) => {
    const role = thingRole();
    const house = await open(t, moduleOf(role), ['thing']);
    role.given?.fail(new Error('the books do not balance'));
    const failure = await house.failed;
    assert.deepEqual([failure.code, failure.message], ['role_failed', 'the role thing cannot go on: the books do not balance']);
  });

  it('clears up after a role that did not start', async (t) => {
    const happened: string[] = [];
    const first = thingRole(happened);
    const failing: Role<Web> = { ...thingRole(), name: 'failing', start: () => Promise.reject(new Error('no luck')) };
    await assert.rejects(open(t, moduleOf(first, failing), ['thing', 'failing']), /the role failing did not start: no luck/);
    assert.deepEqual(happened, ['stop']);
    await assert.rejects(first.given?.ports.state.ping() ?? Promise.resolve());
  });

  it('opens nothing when a role is not known', async (t) => {
    const folder = join(temporaryFolder(t), 'books');
    await assert.rejects(open(t, moduleOf(thingRole()), ['thin'], folder), /there is no role "thin"; did you mean "thing"\?/);
    assert.equal(existsSync(folder), false);
  });
});

describe('the engines', () => {
  it('keep a topic apart where the configuration says so', async (t) => {
    const folder = temporaryFolder(t);
    const config = configured({ DATA_DIR: folder, STREAM_TRADES_URL: `sqlite://${join(folder, 'elsewhere', 'trades.db')}` });
    const engines = await openEngines(config, compose(config, modules), basics(), { mustExist: false });
    t.after(() => engines.close());
    for (const name of ['trades', 'other']) {
      await engines.stream.declare({ name, keepMs: 0, keepBytes: 0, maxBacklogBytes: 1_000_000 });
      assert.equal(await engines.stream.publish(name, 'a', { first: 1, count: 1, body: new Uint8Array(1) }), 'published');
    }
    assert.ok(existsSync(join(folder, 'elsewhere', 'trades.db')));
    assert.equal(await engines.stream.end('trades', 'a'), 1);
    assert.deepEqual(
      (await engines.stream.status('other', 'g'))?.map(({ partition }) => partition),
      ['a'],
    );
    await engines.stream.ping();
  });

  it('are not begun by those who only look', async (t) => {
    const folder = join(temporaryFolder(t), 'slip');
    const config = configured({ DATA_DIR: folder });
    await assert.rejects(openEngines(config, compose(config, modules), basics(), { mustExist: true }), (error) => {
      assert.ok(error instanceof KontorError);
      assert.equal(error.code, 'not_found');
      return true;
    });
    assert.equal(existsSync(folder), false);
  });
});

const toldStocks = (config: Config) => settingsOf<typeof stocksOptions>(config, { name: 'stocks' });

describe('the stocks market', () => {
  it('is told what the configuration says', () => {
    const options = settingsFrom(toldStocks(configured({ TICKER_INTERVAL: '4', STOCK: 'MSFT,ZZZ', STOCKS_KEEP_SECOND_BARS_HOURS: '2' })));
    assert.equal(options.tradesPerSecond, 250);
    assert.deepEqual(
      options.companies.map(({ code }) => code),
      ['MSFT', 'ZZZ'],
    );
    assert.equal(options.retention.barsMs['1s'], 7_200_000);
    assert.equal(settingsFrom(toldStocks(configured({ TICKER_INTERVAL: '0' }))).tradesPerSecond, 'max');
    assert.equal(settingsFrom(toldStocks(configured({}))).companies.length, 12);
  });

  it('neither simulates nor bridges what a module sells', () => {
    assert.throws(
      () => compose(configured({ STOCK: 'MSFT,SHOP.TEA' }), modules),
      /STOCK names SHOP\.TEA, which stands for what a module sells/,
    );
    assert.doesNotThrow(() => compose(configured({ STOCK: 'SHOPS,BRK.A' }), modules));
  });
});
