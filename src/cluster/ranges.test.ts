/** `--autoscale`: what it accepts, and a clear error for everything else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import type { Placement } from '#core/module.ts';
import { planMembers } from './plan.ts';
import { readRanges } from './ranges.ts';

const placement: readonly Placement[] = [
  { role: 'relay', name: 'relay', processes: 1, stage: 'carriers' },
  { role: 'stocks-aggregator', name: 'aggregator', processes: 3, stage: 'workers' },
  { role: 'flights-web', name: 'flights-web', processes: 2, stage: 'front', serves: '/api/flights/' },
];

describe('--autoscale', () => {
  it('takes names of processes or of their roles, several with commas', () => {
    assert.deepEqual(
      [...readRanges('flights-web=2..6, front=1..3,stocks-aggregator=1..32', placement)],
      [
        ['flights-web', { min: 2, max: 6 }],
        ['liveview', { min: 1, max: 3 }],
        ['aggregator', { min: 1, max: 32 }],
      ],
    );
  });

  for (const [text, says] of [
    ['', /--autoscale is "", but must be like flights-web=2\.\.6/],
    ['flights-web', /must be like flights-web=2\.\.6/],
    ['flights-web=2-6', /must be like/],
    ['flights-web=2..6,', /--autoscale is "", but/],
    ['flights-web=-1..6', /must be like/],
    ['flights-web=0..6', /the numbers must be from 1 to 32, the smaller one first/],
    ['flights-web=2..33', /from 1 to 32/],
    ['flights-web=6..2', /the smaller one first/],
    ['flights-web=1..2,flights-web=1..3', /names flights-web twice/],
    ['front=1..2,liveview=1..3', /names liveview twice/],
    ['flihgts-web=2..6', /names "flihgts-web"; did you mean "flights-web"\?/],
    ['nonsense=2..6', /names "nonsense"; there are: aggregator, flights-web, liveview/],
    ['relay=1..2', /names relay, of which one works while others stand by/],
  ] as const) {
    it(`refuses "${text}"`, () => {
      assert.throws(
        () => readRanges(text, placement),
        (error) => error instanceof KontorError && error.code === 'invalid_option' && says.test(error.message),
      );
    });
  }
});

it('a placement that serves paths has processes of its own before NGINX, and all other paths go to the group front', () => {
  const members = planMembers(placement, { aggregator: 1, 'flights-web': 2, liveview: 1 });
  assert.deepEqual(
    members.map(({ name, group, serves }) => [name, group, serves]),
    [
      ['relay', 'relay', undefined],
      ['aggregator-1', 'aggregator', undefined],
      ['flights-web-1', 'flights-web', '/api/flights/'],
      ['flights-web-2', 'flights-web', '/api/flights/'],
      ['liveview-1', 'liveview', '/'],
    ],
  );
});
