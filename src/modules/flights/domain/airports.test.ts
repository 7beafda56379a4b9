/** Airports: the file is whole, distances are right, and people find what they mean. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { worldAirports } from '../airports/airports.ts';
import { AirportSearch } from './airport-search.ts';
import { distanceKm } from './airports.ts';

const airports = worldAirports();
const search = new AirportSearch(airports.all);
const codes = (text: string, limit = 3) => search.find(text, limit, () => 0).map(({ code }) => code);

describe('the airports of the world', () => {
  it('have codes that differ, places on the globe, and time zones that are known', () => {
    assert.ok(airports.all.length > 3_000);
    assert.equal(new Set(airports.all.map(({ code }) => code)).size, airports.all.length);
    for (const { code, name, city, country, latitude, longitude, timeZone, weight } of airports.all) {
      assert.match(`${code} ${country}`, /^[A-Z]{3} [A-Z]{2}$/);
      assert.ok(name !== '' && city !== '' && weight > 0, code);
      assert.ok(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180, code);
      assert.doesNotThrow(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone), code);
    }
  });

  it('are as far apart as they are on a globe, also across the date line', () => {
    const between = (one: string, other: string) => distanceKm(airports.named(one), airports.named(other));
    assert.ok(Math.abs(between('HAM', 'LIS') - 2_190) < 30);
    assert.ok(Math.abs(between('AKL', 'HNL') - 7_090) < 50);
    assert.equal(between('AKL', 'HNL'), between('HNL', 'AKL'));
  });
});

describe('who looks for an airport', () => {
  it('finds it by its code, its city and its name, before they are written out', () => {
    assert.equal(codes('HAM')[0], 'HAM');
    assert.equal(codes('hambu')[0], 'HAM');
    assert.equal(codes('heathr')[0], 'LHR');
    assert.equal(codes('new york ken')[0], 'JFK');
    assert.deepEqual(codes('london', 5).slice(0, 4).toSorted(), ['LGW', 'LHR', 'LTN', 'STN']);
  });

  it('need not know how to write it', () => {
    assert.equal(codes('hambrug')[0], 'HAM');
    assert.equal(codes('lisboon')[0], 'LIS');
    assert.equal(codes('copenhaguen')[0], 'CPH');
    assert.equal(codes('zurich')[0], 'ZRH');
    assert.equal(codes('reykjavik')[0], 'KEF');
    assert.deepEqual(codes('xqzwvkjhq'), []);
  });

  it('may say it in German', () => {
    assert.equal(codes('München')[0], 'MUC');
    assert.equal(codes('Kopenhagen')[0], 'CPH');
    assert.equal(codes('lissabon')[0], 'LIS');
  });

  it('gets those with the most flights first, and nothing for nothing', () => {
    const busy = search.find('london', 2, (code) => (code === 'LCY' ? 9 : 0));
    assert.equal(busy[0]?.code, 'LCY');
    assert.deepEqual(codes('  ,;- '), []);
    assert.equal(codes('a', 50).length, 50);
  });
});
