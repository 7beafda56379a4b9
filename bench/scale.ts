/** How full each part is at multiples of today's load, and how long work waits on shards: the numbers of docs/scale.md. */
import { seededRandom } from '#core/seeded-random.ts';
import type { Bench } from './bench.ts';
import { costs, fullest, simulateShards, times, today } from './scale-model.ts';

const factors = [1, 10, 1_000, 1_000_000];
const seed = 11;

/** A thousand times today's checkouts: 500 a second. */
const checkouts = { perSecond: 500, serviceMs: 5, seconds: 200 };

/** The same work, sharded in different ways. */
const shardings = [
  { by: 'nothing: one server', shards: 1, keys: 1, skew: 0 },
  { by: 'account', shards: 4, keys: 1_000_000, skew: 0 },
  { by: 'account', shards: 8, keys: 1_000_000, skew: 0 },
  { by: 'article', shards: 4, keys: 200, skew: 1 },
  { by: 'article', shards: 8, keys: 200, skew: 1 },
  { by: 'article', shards: 64, keys: 200, skew: 1 },
  { by: 'company', shards: 64, keys: 12, skew: 1 },
] as const;

/** A row for each part, with how full one of it is at each multiple. */
export function partsTable(): readonly string[] {
  const rows = fullest(today).map(({ part }) => [part.name, ...factors.map((factor) => share(part.used(times(today, factor))))]);
  return table(['part', ...factors.map((factor) => `${factor.toLocaleString('en')}×`)], rows);
}

export function costsTable(): readonly string[] {
  const { checkout, booking, run, thousandTrades } = costs;
  const row = (what: string, cost: Record<keyof typeof checkout, number>, keptFor = '') => [
    what,
    `${cost.houseMs} ms`,
    `${cost.databaseMs} ms`,
    `${cost.loggedBytes / 1_000} kB`,
    `${cost.keptBytes / 1_000} kB${keptFor}`,
  ];
  return table(
    ['unit', 'house', 'PostgreSQL', 'written ahead', 'kept'],
    [
      row('a checkout of the shop, over HTTP', checkout),
      row('a booking of a flight, over HTTP', booking),
      row('a run of errands: made, claimed, stored, paid, read, and its share of the order', run, ' for 30 days'),
      row('at most, a thousand trades: published, counted, stored', thousandTrades, ' for 5 minutes'),
      ['a page of the catalogue, over HTTP', `${costs.page.houseMs} ms`, 'cached', 'nothing', 'nothing'],
      ['a login (argon2id)', `${costs.login.houseMs} ms`, 'little', 'little', 'little'],
    ],
  );
}

export function shardsTable(): readonly string[] {
  const rows = shardings.map(({ by, shards, keys, skew }) => {
    const found = simulateShards(
      { perSecond: checkouts.perSecond, serviceMs: checkouts.serviceMs, seconds: checkouts.seconds, shards, keys, skew },
      seededRandom(seed),
    );
    const waits =
      found.busiestUsed >= 1 ? ['without end', 'without end'] : [`${found.p50Ms.toFixed(1)} ms`, `${found.p99Ms.toFixed(0)} ms`];
    return [by, String(shards), `${(found.busiestShare * 100).toFixed(0)} %`, `${(found.busiestUsed * 100).toFixed(0)} %`, ...waits];
  });
  return table(['by', 'shards', 'work on the busiest', 'busiest full to', 'wait, p50', 'wait, p99'], rows);
}

export const bench: Bench = {
  name: 'scale',
  says: 'how full each part is at 10, 1,000 and 1,000,000 times today’s load, and how long work waits on shards (computed, not measured)',
  async run() {
    for (const line of [...costsTable(), '', ...partsTable(), '', ...shardsTable()]) console.log(line);
  },
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

/** Percent of one; beyond it, how many of them: at 70 % each, so that work does not queue. */
function share(used: number): string {
  if (used > 0.7) return `**${Math.ceil(used / 0.7).toLocaleString('en')}**`;
  return used < 0.001 ? '< 0.1 %' : `${(used * 100).toPrecision(2)} %`;
}
