/** The market's settings: a rate that comes back as it was set, and tapes that stay as they began. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { KontorError } from '#core/errors.ts';
import type { State } from '#core/ports/state.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { defaultCompanies, type SimulatedCompany } from '../domain/companies.ts';
import {
  readRate,
  readSetting,
  rememberOutside,
  rememberSimulation,
  type Simulation,
  storedSimulation,
  writeRate,
  writeSetting,
} from './settings.ts';
import { stocksMigrations } from './tables.ts';

const [company] = defaultCompanies as readonly [SimulatedCompany];
const simulation: Simulation = { seed: 'test', company, historyTrades: 600 };
const now = 1_772_438_400_000;

const openState = (t: TestContext) => temporaryState(t, stocksMigrations);

function remember(state: State, change: Partial<Simulation> = {}, tapeIsNew = false): Promise<number> {
  return state.write((queries) => rememberSimulation(queries, { ...simulation, ...change }, tapeIsNew, now));
}

const refused = (code: string, says: RegExp) => (error: unknown) => {
  assert.ok(error instanceof KontorError && error.code === code, String(error));
  assert.match(error.message, says);
  return true;
};

describe('settings', () => {
  it('a rate comes back as it was set, and nothing before anybody set one', async (t) => {
    const state = await openState(t);
    assert.equal(await state.read(readRate), undefined);
    for (const rate of [0, 0.5, 1_000, 'max', 20] as const) {
      await state.write((queries) => writeRate(queries, rate, now));
      assert.equal(await state.read(readRate), rate);
    }
  });

  it('keep their names apart, and the last value counts', async (t) => {
    const state = await openState(t);
    await state.write((queries) => writeSetting(queries, 'a', '1', now));
    await state.write((queries) => writeSetting(queries, 'b', '2', now));
    await state.write((queries) => writeSetting(queries, 'a', '3', now));
    assert.deepEqual(await state.read(async (queries) => [await readSetting(queries, 'a'), await readSetting(queries, 'b')]), ['3', '2']);
    assert.equal(await state.read((queries) => readSetting(queries, 'c')), undefined);
  });
});

describe('the simulation of a tape', () => {
  it('is written down with its first trade, and recognised afterwards', async (t) => {
    const state = await openState(t);
    assert.equal(await state.read((queries) => storedSimulation(queries, company.code)), undefined);
    assert.equal(await remember(state, {}, true), 600);
    assert.equal(await remember(state), 600);
    const stored = await state.read((queries) => storedSimulation(queries, company.code));
    const { name: _name, sector: _sector, ...parameters } = company;
    assert.deepEqual(stored, { seed: 'test', company: { seed: 'test', ...parameters }, historyTrades: 600 });
  });

  it('keeps the length of its history, whatever is asked for later, even if the tape is lost and begun again', async (t) => {
    const state = await openState(t);
    await remember(state, {}, true);
    assert.equal(await remember(state, { historyTrades: 0 }), 600);
    assert.equal(await remember(state, { historyTrades: 6_000 }, true), 600);
  });

  it('depends on everything but names', async (t) => {
    const state = await openState(t);
    await remember(state, {}, true);
    await remember(state, { company: { ...company, name: 'Other', sector: 'Other' } });
    const says =
      /STOCKS_SEED or the parameters of MSFT are not those that its tape began with \(.*"seed":"test".*\): use the same, or another DATA_DIR/;
    const { code: _code, name: _name, sector: _sector, ...shape } = company;
    for (const field of Object.keys(shape) as (keyof typeof shape)[]) {
      const other = { ...company, [field]: company[field] * 2 };
      await assert.rejects(remember(state, { company: other }), refused('invalid_option', says), field);
    }
    await assert.rejects(remember(state, { seed: 'other' }, true), refused('invalid_option', says));
  });

  it('is refused for a tape that others began, and for one that is promised to them', async (t) => {
    const state = await openState(t);
    const says = /STOCK names MSFT, but its tape already holds trades that came in from outside: leave it out, or use another DATA_DIR/;
    await assert.rejects(remember(state), refused('invalid_option', says));
    await state.write((queries) => rememberOutside(queries, company.code, now));
    await assert.rejects(remember(state, {}, true), refused('invalid_option', says));
    assert.equal(await state.read((queries) => storedSimulation(queries, company.code)), undefined);
  });

  it('keeps others off the tape; other companies are theirs', async (t) => {
    const state = await openState(t);
    await remember(state, {}, true);
    const outside = (code: string) => state.write((queries) => rememberOutside(queries, code, now));
    await assert.rejects(outside(company.code), refused('conflict', /MSFT is simulated by a publisher here: leave it out of STOCK/));
    await outside('OWN');
    await outside('OWN');
  });
});
