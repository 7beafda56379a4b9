/** What a house needs at a multiple of today's load: how full each part is, and how long work waits where it is sharded by a key. */
import type { Random } from '#core/ports/random.ts';

/** Work a second. */
interface Load {
  readonly trades: number;
  readonly checkouts: number;
  readonly bookings: number;
  readonly runs: number;
  readonly pages: number;
  readonly logins: number;
  /** Open at a time. */
  readonly sockets: number;
}

/** A house with its twelve simulated companies at their usual speed, and some thousand customers a day. */
export const today: Load = { trades: 12_000, checkouts: 0.5, bookings: 0.2, runs: 5, pages: 20, logins: 0.2, sockets: 200 };

/**
 * Measured: `npm run bench -- shop flights-booking errands-queue stocks-postgres`; milliseconds of one core, and bytes. Of trades
 * these are limits: two full cores at the rate of the README, and bytes of a short run with its empty tables.
 */
export const costs = {
  checkout: { houseMs: 0.75, databaseMs: 0.5, loggedBytes: 3_400, keptBytes: 1_800 },
  booking: { houseMs: 0.71, databaseMs: 0.55, loggedBytes: 3_100, keptBytes: 1_700 },
  /** Kept for `ERRANDS_KEEP_DAYS`. */
  run: { houseMs: 0.2, databaseMs: 0.32, loggedBytes: 3_710, keptBytes: 1_970 },
  /** Kept for five minutes in the stream. */
  thousandTrades: { houseMs: 0.51, databaseMs: 0.51, loggedBytes: 24_000, keptBytes: 24_000 },
  page: { houseMs: 0.065 },
  /** argon2id. */
  login: { houseMs: 26 },
} as const;

/** One of each: an ordinary server, and one process where a part is one process. */
const serverCores = 16;
const logBytesPerSecond = 100_000_000;
const diskBytes = 10_000_000_000_000;
const daySeconds = 86_400;
const yearDays = 365;
const errandsKeepDays = 30;
const streamKeepSeconds = 300;
const socketsPerProcess = 10_000;
/** Measured through RabbitMQ (`npm run bench -- rabbitmq`); a company is counted by one aggregator at a time. */
const tradesPerAggregator = 5_700_000;
const busiestCompany = 1 / 12;
/** Checkouts of one process share transactions, one after another, as those of one article have to (`npm run bench -- shop`). */
const hotRowPerSecond = 1_159;
const busiestArticle = 0.05;
const connectionsPerProcess = 16;
const serverConnections = 200;

interface Part {
  readonly name: string;
  /** Of one of it; above 1 it is too little. */
  used(load: Load): number;
}

const parts: readonly Part[] = [
  { name: 'State: processor of the primary', used: (load) => databaseMs(load) / 1_000 / serverCores },
  { name: 'State: log to disk and replica', used: (load) => loggedBytes(load) / logBytesPerSecond },
  { name: 'State: disk, after a year', used: (load) => bytesAfterAYear(load) / diskBytes },
  {
    name: 'Stream on PostgreSQL: log to disk and replica',
    used: (load) => ((load.trades / 1_000) * costs.thousandTrades.loggedBytes) / logBytesPerSecond,
  },
  {
    name: 'Stream on PostgreSQL: disk',
    used: (load) => ((load.trades / 1_000) * costs.thousandTrades.keptBytes * streamKeepSeconds) / diskBytes,
  },
  { name: 'State: connections, without a pooler', used: (load) => (houseCores(load) * 2 * connectionsPerProcess) / serverConnections },
  { name: 'State: the row of one article', used: (load) => (load.checkouts * busiestArticle) / hotRowPerSecond },
  { name: 'Stream: the busiest company', used: (load) => (load.trades * busiestCompany) / tradesPerAggregator },
  { name: 'roles that serve and count: one server', used: (load) => houseCores(load) / serverCores },
  { name: 'live views: one process', used: (load) => load.sockets / socketsPerProcess },
];

export function times(load: Load, factor: number): Load {
  return {
    trades: load.trades * factor,
    checkouts: load.checkouts * factor,
    bookings: load.bookings * factor,
    runs: load.runs * factor,
    pages: load.pages * factor,
    logins: load.logins * factor,
    sockets: load.sockets * factor,
  };
}

/** The parts in the order in which they are full. */
export function fullest(load: Load): readonly { readonly part: Part; readonly used: number }[] {
  return parts.map((part) => ({ part, used: part.used(load) })).toSorted((one, other) => other.used - one.used);
}

function databaseMs(load: Load): number {
  const { checkout, booking, run } = costs;
  return load.checkouts * checkout.databaseMs + load.bookings * booking.databaseMs + load.runs * run.databaseMs;
}

function loggedBytes(load: Load): number {
  const { checkout, booking, run } = costs;
  return load.checkouts * checkout.loggedBytes + load.bookings * booking.loggedBytes + load.runs * run.loggedBytes;
}

/** Orders and bookings are kept for ever, results of errands for a while. */
function bytesAfterAYear({ checkouts, bookings, runs }: Load): number {
  const perDay = checkouts * costs.checkout.keptBytes + bookings * costs.booking.keptBytes;
  return (perDay * yearDays + runs * costs.run.keptBytes * errandsKeepDays) * daySeconds;
}

/** Of all roles together. */
function houseCores(load: Load): number {
  const { checkout, booking, run, thousandTrades, page, login } = costs;
  const ms =
    load.checkouts * checkout.houseMs +
    load.bookings * booking.houseMs +
    load.runs * run.houseMs +
    (load.trades / 1_000) * thousandTrades.houseMs +
    load.pages * page.houseMs +
    load.logins * login.houseMs;
  return ms / 1_000;
}

interface ShardedWork {
  readonly perSecond: number;
  /** That a shard works on one of them. */
  readonly serviceMs: number;
  readonly shards: number;
  readonly keys: number;
  /** 0: every key is as frequent; 1: the second key half as frequent as the first, the third a third, and so on (Zipf). */
  readonly skew: number;
  readonly seconds: number;
}

interface Waiting {
  /** The share of all work that the busiest shard gets. */
  readonly busiestShare: number;
  readonly busiestUsed: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Work arrives at random moments with random keys; each shard does what its keys bring, one after another, in the order of arrival. */
export function simulateShards(work: ShardedWork, random: Pick<Random, 'float'>): Waiting {
  const pick = keyPicker(work, random);
  const freeAtMs = new Float64Array(work.shards);
  const count = new Uint32Array(work.shards);
  const waits: number[] = [];
  for (let nowMs = 0; nowMs < work.seconds * 1_000; nowMs += (-Math.log(1 - random.float()) * 1_000) / work.perSecond) {
    const shard = shardOf(pick(), work.shards);
    const startMs = Math.max(nowMs, freeAtMs[shard] ?? 0);
    freeAtMs[shard] = startMs + work.serviceMs;
    count[shard] = (count[shard] ?? 0) + 1;
    waits.push(startMs - nowMs);
  }
  const sorted = Float64Array.from(waits).sort();
  const busiest = Math.max(...count);
  return {
    busiestShare: busiest / waits.length,
    busiestUsed: (busiest * work.serviceMs) / (work.seconds * 1_000),
    meanMs: sorted.reduce((sum, wait) => sum + wait, 0) / sorted.length,
    p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
  };
}

/** Keys from 0 on, the most frequent first. */
function keyPicker({ keys, skew }: ShardedWork, random: Pick<Random, 'float'>): () => number {
  const sums = new Float64Array(keys);
  let sum = 0;
  for (let key = 0; key < keys; key += 1) {
    sum += (key + 1) ** -skew;
    sums[key] = sum;
  }
  return () => {
    const wanted = random.float() * sum;
    let [low, high] = [0, keys - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) <= wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Spreads keys evenly (Knuth's multiplicative hash), as the hash of a sharded table does. */
function shardOf(key: number, shards: number): number {
  return Math.floor(((Math.imul(key + 1, 2_654_435_761) >>> 0) / 2 ** 32) * shards);
}
