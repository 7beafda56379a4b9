/** One run of the pricer: what was looked at up to a moment, and the prices that follow from it. */
import { createHash } from 'node:crypto';
import type { Ports } from '#core/ports/ports.ts';
import type { PriceInputs } from '../../api/prices/contracts.ts';
import type { Cabin } from '../../domain/cabins.ts';
import { usualViews } from '../../domain/comparables.ts';
import { flightCode } from '../../domain/flight-codes.ts';
import { timetablePath } from '../../domain/lake-paths.ts';
import { type Manifest, manifestText } from '../../domain/manifest.ts';
import { modelName, priceOf } from '../../domain/model.ts';
import type { Warehouse } from '../../ports/warehouse.ts';
import { type PriceChange, storeChanges } from '../../store/prices/changes.ts';
import type { WatchedRoute } from '../../store/prices/demand.ts';
import { type ComparedFlight, dayRanges, fareKey, farePage, hasRun, readFares, readFlights, readLake } from '../../store/prices/reads.ts';
import { viewsOf, windowOf } from './views.ts';

export type RepricePorts = Pick<Ports, 'state' | 'lake' | 'clock' | 'log'> & { readonly warehouse: Warehouse };

export interface RepriceOrder {
  /** Left out: now, less the time that a transaction may still take. */
  readonly asOf?: number | undefined;
  readonly dryRun: boolean;
}

export interface Repriced {
  readonly asOf: number;
  readonly dryRun: boolean;
  readonly prices: number;
  readonly changed: number;
  readonly routes: readonly WatchedRoute[];
  readonly biggest: readonly { readonly flightId: string; readonly cabin: Cabin; readonly before: number; readonly price: number }[];
}

/** Bookings that began before the moment of a run have ended when it reads. */
const settleMs = 10_000;
const dayMs = 86_400_000;
const shownChanges = 20;
const watchedRoutes = 200;

export async function reprice(ports: RepricePorts, order: RepriceOrder): Promise<Repriced> {
  const { state, clock } = ports;
  const startedAt = clock.now();
  const asOf = order.asOf ?? startedAt - settleMs;
  const { positions, files } = await readLake(state, windowOf(asOf));
  const [compared, views] = await Promise.all([
    readFlights(state, Math.floor(asOf / dayMs) * dayMs),
    viewsOf(ports, { asOf, positions, files }, 'in-lake'),
  ]);
  const flights = attentionTo(compared, views, asOf);
  const sheet = await timetableFile(ports, compared);
  const manifest: Manifest = { asOf, positions, timetable: sheet.sha256 };
  const reads = manifestText(manifest);
  const hash = sha256(reads);
  const run = {
    id: sha256(`${hash} ${modelName}`),
    model: modelName,
    as_of: asOf,
    manifest: hash,
    reads,
    started_at: startedAt,
    events: files.reduce((sum, { rows }) => sum + rows, 0),
  };
  const routes = routesOf(flights);
  if (await hasRun(state, run.id)) return { asOf, dryRun: order.dryRun, prices: 0, changed: 0, routes, biggest: [] };
  const { changes, prices } = await findChanges(ports, flights, run.id, asOf);
  let changed = changes.length;
  if (changes.length > 0 && !order.dryRun) {
    await ports.lake.create(timetablePath(sheet.sha256), sheet.bytes);
    changed = await storeChanges(state, { ...run, prices }, changes, () => clock.now());
    // A run with the same timetable may have been pruned with it meanwhile.
    await ports.lake.create(timetablePath(sheet.sha256), sheet.bytes);
  }
  return { asOf, dryRun: order.dryRun, prices, changed, routes, biggest: biggestOf(changes) };
}

/** The most watched first. */
function routesOf(flights: readonly FlightAttention[]): readonly WatchedRoute[] {
  const routes = new Map<string, { from: string; to: string; views: number; flights: number }>();
  for (const { flight, views } of flights) {
    const key = `${flight.origin} ${flight.destination}`;
    const route = routes.get(key) ?? { from: flight.origin, to: flight.destination, views: 0, flights: 0 };
    route.views += views;
    route.flights += 1;
    routes.set(key, route);
  }
  const watched = [...routes.values()]
    .filter(({ views }) => views > 0)
    .sort((a, b) => b.views - a.views)
    .slice(0, watchedRoutes);
  const most = watched[0]?.views ?? 1;
  return watched.map(({ from, to, views, flights }) => ({ from, to, share: Math.round((views / most) * 1_000_000), flights }));
}

export interface FlightAttention {
  readonly flight: ComparedFlight;
  readonly views: number;
  readonly usualViews: number;
}

/** Of flights that have not departed, in their order. */
export function attentionTo(
  compared: readonly ComparedFlight[],
  views: ReadonlyMap<number, number>,
  asOf: number,
): readonly FlightAttention[] {
  const flights = compared
    .filter(({ departsAt }) => departsAt > asOf)
    .map((flight) => ({ ...flight, views: views.get(flightCode(flight.id) ?? Number.NaN) ?? 0 }));
  const usual = usualViews(flights, asOf);
  return flights.map((flight, index) => ({ flight, views: flight.views, usualViews: usual[index] ?? 0 }));
}

async function findChanges({ state, clock }: RepricePorts, flights: readonly FlightAttention[], runId: string, asOf: number) {
  const ranges = await dayRanges(state, clock.now());
  const changes: PriceChange[] = [];
  let prices = 0;
  for (let start = 0; start < flights.length; start += farePage / 2) {
    const some = flights.slice(start, start + farePage / 2);
    const byId = new Map(some.map((attention) => [attention.flight.id, attention]));
    const ids = { first: some[0]?.flight.id ?? '', last: some.at(-1)?.flight.id ?? '' };
    for (const fare of await readFares(state, asOf, ids)) {
      const attention = byId.get(fare.flightId);
      if (attention === undefined) continue;
      prices += 1;
      const { flightId, cabin, base, floor, ceiling, seats, price: before } = fare;
      const range = ranges.size === 0 ? undefined : ranges.get(fareKey(flightId, cabin));
      const now = {
        base,
        floor,
        ceiling,
        seats,
        sold: fare.sold,
        departsAt: attention.flight.departsAt,
        before,
        dayLow: Math.min(range?.low ?? before, before),
        dayHigh: Math.max(range?.high ?? before, before),
      };
      const priced = priceOf(now, attention, asOf);
      if (priced.price === before) continue;
      const inputs: PriceInputs = { model: modelName, runId, ...priced };
      changes.push({ flightId, cabin, before, price: priced.price, inputs: JSON.stringify(inputs) });
    }
  }
  return { changes, prices };
}

/** The flights that are compared, as a file: a replay compares the same. */
async function timetableFile(
  { warehouse }: RepricePorts,
  flights: readonly ComparedFlight[],
): Promise<{ bytes: Uint8Array; sha256: string }> {
  const columns = {
    id: flights.map(({ id }) => id),
    origin: flights.map(({ origin }) => origin),
    destination: flights.map(({ destination }) => destination),
    departs_at: Float64Array.from(flights, ({ departsAt }) => departsAt),
    arrives_at: Float64Array.from(flights, ({ arrivesAt }) => arrivesAt),
  };
  const bytes = await warehouse.parquet({
    sql: 'select id, origin, destination, departs_at, arrives_at from flights order by id',
    tables: { flights: { columns } },
  });
  return { bytes, sha256: sha256(bytes) };
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function biggestOf(changes: readonly PriceChange[]): Repriced['biggest'] {
  const size = ({ before, price }: PriceChange) => Math.abs(price - before) / before;
  return [...changes]
    .sort((a, b) => size(b) - size(a))
    .slice(0, shownChanges)
    .map(({ flightId, cabin, before, price }) => ({ flightId, cabin, before, price }));
}
