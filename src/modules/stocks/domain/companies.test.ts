/** The companies: each a possible one, well told apart, and the same whenever its code is named. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SimulatedCompany } from './companies.ts';
import { companiesNamed, defaultBridgedCompanies, defaultCompanies } from './companies.ts';
import { maxPriceCents } from './trades.ts';

function assertPossible({ code, name, basePriceCents, volatility, scatter, jumpChance, jumpSize, lot }: SimulatedCompany): void {
  assert.ok(code.length > 0 && name.length > 0);
  assert.ok(Number.isInteger(basePriceCents) && basePriceCents >= 100 && basePriceCents < maxPriceCents, `${code}: ${basePriceCents}`);
  assert.ok(volatility > 0 && volatility < 0.5 && scatter > 0 && scatter < volatility, `${code} moves`);
  assert.ok(jumpChance >= 0 && jumpChance <= 1 && jumpSize > 0 && jumpSize < 0.5, `${code} jumps`);
  assert.ok(Number.isInteger(lot) && lot >= 1, `${code} is traded`);
}

describe('the default companies', () => {
  it('are twelve, each possible, none twice, with the three that everybody expects first', () => {
    assert.equal(defaultCompanies.length, 12);
    defaultCompanies.forEach(assertPossible);
    for (const field of ['code', 'name'] as const) assert.equal(new Set(defaultCompanies.map((company) => company[field])).size, 12);
    assert.deepEqual(
      defaultCompanies.slice(0, 3).map(({ code }) => code),
      ['MSFT', 'TSLA', 'AAPL'],
    );
  });

  it('have different parameters', () => {
    assert.equal(new Set(defaultCompanies.map(({ name: _name, code: _code, ...temper }) => JSON.stringify(temper))).size, 12);
  });

  it('hold those that existing publishers send', () => {
    for (const code of defaultBridgedCompanies) assert.ok(defaultCompanies.some((company) => company.code === code));
  });
});

describe('companies by their codes', () => {
  it('come in the order asked for, the known ones as they are', () => {
    const [lufthansa, own, microsoft] = companiesNamed(['LHA', 'OWN', 'MSFT']);
    assert.equal(lufthansa?.name, 'Lufthansa');
    assert.equal(own?.code, 'OWN');
    assert.equal(microsoft, defaultCompanies[0]);
  });

  it('that are not known get possible parameters of their own, which never change: their tapes depend on them', () => {
    const codes = ['A', 'B', 'OWN', 'ZALANDO', 'ÅÄÖ', '😀', 'X'.repeat(120)];
    const companies = companiesNamed(codes);
    companies.forEach(assertPossible);
    assert.deepEqual(companiesNamed(codes), companies);
    assert.equal(new Set(companies.map(({ basePriceCents }) => basePriceCents)).size, codes.length);
    const pinned = {
      code: 'ZALANDO',
      name: 'ZALANDO',
      sector: 'Other',
      basePriceCents: 5_078,
      volatility: 0.042823529411764705,
      scatter: 0.000267843137254902,
      jumpChance: 0.03176470588235294,
      jumpSize: 0.006666666666666667,
      lot: 117,
    };
    assert.deepEqual(companiesNamed(['ZALANDO']), [pinned]);
  });
});
