/** What an address asks for, also when somebody wrote nonsense into it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bookingAddress, directionIn, flightAddress, isNarrowed, journeyIn, outIn, questionIn, searchAddress } from './search-query.ts';

const page = (text: string) => new URLSearchParams(text);
const route = 'from=LIS&to=HAM&date=2026-12-01';

test('a journey is asked for once both airports and the day are chosen', () => {
  assert.equal(questionIn(page('')), undefined);
  assert.equal(questionIn(page('from=LIS&to=HAM')), undefined);
  assert.equal(questionIn(page('from=LIS&to=LIS&date=2026-12-01')), undefined);
  assert.deepEqual(questionIn(page(route)), {
    from: 'LIS',
    to: 'HAM',
    date: '2026-12-01',
    passengers: 1,
    cabin: 'economy',
    sort: 'price',
    limit: 20,
  });
});

test('what is chosen is asked for', () => {
  const chosen = `${route}&flexible=true&passengers=3&cabin=business&nonstop=true&maxPrice=200&time=morning&sort=arrival&page=2&after=WzFd`;
  assert.deepEqual(questionIn(page(chosen)), {
    from: 'LIS',
    to: 'HAM',
    date: '2026-12-01',
    flexDays: 3,
    passengers: 3,
    cabin: 'business',
    maxStops: 0,
    maxPrice: 200,
    departFromMinute: 300,
    departToMinute: 719,
    sort: 'arrival',
    limit: 20,
    after: 'WzFd',
  });
});

test('nonsense is left out instead of being refused', () => {
  const nonsense = 'from=lis&to=../x&date=2026-02-30&back=never&passengers=10&cabin=hold&maxPrice=-1&time=tea&sort=best&page=3';
  assert.deepEqual(journeyIn(page(nonsense)), {
    from: 'LIS',
    to: '',
    date: '',
    back: '',
    flexible: false,
    passengers: 1,
    cabin: 'economy',
  });
  assert.equal(questionIn(page(nonsense)), undefined);
  assert.equal(journeyIn(page(`${route}&back=2026-11-30`)).back, '', 'the way back is not before the way out');
});

test('the way back is looked for once the way out is chosen', () => {
  const there = `${route}&back=2026-12-08`;
  assert.deepEqual(directionIn(page(there)), { from: 'LIS', to: 'HAM', date: '2026-12-01' });
  const chosen = page(`${there}&out=KO1-20261201%2BKO2-20261201`);
  assert.deepEqual(outIn(chosen), ['KO1-20261201', 'KO2-20261201']);
  assert.deepEqual(directionIn(chosen), { from: 'HAM', to: 'LIS', date: '2026-12-08' });
  assert.deepEqual(outIn(page(`${there}&out=tea`)), []);
});

test('addresses say only what differs from the usual', () => {
  assert.equal(searchAddress({ from: 'LIS', to: 'HAM', date: '2026-12-01', passengers: 1, cabin: 'economy' }), `/flights?${route}`);
  assert.equal(searchAddress({}), '/flights');
  assert.equal(
    bookingAddress(['KO1-20261201', 'KO2-20261201'], 'business', 2),
    '/flights/book?flights=KO1-20261201%2CKO2-20261201&passengers=2&cabin=business',
  );
  assert.equal(flightAddress('KO1-20261201'), '/flights/flight/KO1-20261201');
});

test('sorting and leafing do not narrow anything down', () => {
  assert.equal(isNarrowed(page(`${route}&sort=arrival&page=2&after=WzFd`)), false);
  assert.equal(isNarrowed(page(`${route}&nonstop=true`)), true);
});
