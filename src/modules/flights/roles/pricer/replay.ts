/** Computes past prices again, from the accesses in the lake, the tickets and the model, and says which differ. */
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import type { PriceInputs } from '../../api/prices/contracts.ts';
import { timetablePath } from '../../domain/lake-paths.ts';
import { type Manifest, manifestText } from '../../domain/manifest.ts';
import { modelName, priceOf } from '../../domain/model.ts';
import type { Warehouse } from '../../ports/warehouse.ts';
import { readKeptFrom } from '../../store/access/lake-state.ts';
import { bookingTables } from '../../store/booking/tables.ts';
import { listRuns, type PriceRow, pricesOfRun, type RunRow } from '../../store/prices/history.ts';
import { readPruned } from '../../store/prices/pruning.ts';
import { type ComparedFlight, readLake } from '../../store/prices/reads.ts';
import { attentionTo, type FlightAttention, sha256 } from './reprice.ts';
import { viewsOf, windowOf } from './views.ts';

export type ReplayPorts = Pick<Ports, 'state' | 'lake'> & { readonly warehouse: Warehouse };

export interface Replayed {
  readonly runs: number;
  readonly prices: number;
  /** Runs whose accesses are no longer in the lake. */
  readonly expired: number;
  /** Changes that are no longer kept, all of which were made before the moment `before`. */
  readonly pruned: { readonly prices: number; readonly before: number };
  /** One sentence each. */
  readonly differences: readonly string[];
}

const runsAtOnce = 50;
const maxDifferences = 100;

export async function replay(ports: ReplayPorts, progress: (runs: number) => void = () => {}): Promise<Replayed> {
  const differences: string[] = [];
  let [runs, prices, expired] = [0, 0, 0];
  for (let after: string | undefined; ; ) {
    const page = await ports.state.read((queries) => listRuns(queries, { limit: runsAtOnce, after }));
    for (const run of page.items) {
      runs += 1;
      progress(runs);
      const outcome = await replayRun(ports, run);
      if (outcome === 'expired') expired += 1;
      else {
        prices += outcome.prices;
        differences.push(...outcome.differences);
      }
    }
    if (page.next === null || differences.length >= maxDifferences) break;
    after = page.next;
  }
  const pruned = await ports.state.read(readPruned);
  return { runs, prices, expired, pruned, differences: differences.slice(0, maxDifferences) };
}

async function replayRun(
  ports: ReplayPorts,
  run: RunRow,
): Promise<'expired' | { readonly prices: number; readonly differences: readonly string[] }> {
  const { state, lake } = ports;
  const manifest = JSON.parse(run.reads) as Manifest;
  const { asOf, positions } = manifest;
  const name = `run ${run.id.slice(0, 12)}`;
  if (run.pruned === run.changed) return { prices: 0, differences: [] };
  if (run.model !== modelName) return { prices: 0, differences: [`${name} was made by ${run.model}, which this version does not have`] };
  if (sha256(manifestText(manifest)) !== run.manifest || sha256(`${run.manifest} ${run.model}`) !== run.id)
    return { prices: 0, differences: [`${name} is not the hash of what it read`] };
  const window = windowOf(asOf);
  if (window.first < (await state.read(readKeptFrom))) return 'expired';
  const { files } = await readLake(state, window);
  const damaged: string[] = [];
  for (const { path, sha256: expected } of files) {
    const bytes = await lake.read(path);
    if (bytes === undefined || sha256(bytes) !== expected)
      damaged.push(`${path} is ${bytes === undefined ? 'missing' : 'not what was landed'}`);
  }
  const compared = await comparedIn(ports, manifest);
  if (compared === undefined) damaged.push(`${timetablePath(manifest.timetable)} is missing or damaged`);
  if (damaged.length > 0 || compared === undefined) return { prices: 0, differences: damaged.map((what) => `${name}: ${what}`) };
  const views = await viewsOf(ports, { asOf, positions, files }, 'nowhere');
  const attention = new Map(attentionTo(compared, views, asOf).map((one) => [one.flight.id, one]));
  const rows = await state.read((queries) => pricesOfRun(queries, run.id));
  const differences: string[] = [];
  for (const row of rows) {
    const sold = await state.read((queries) => soldAt(queries, row, asOf));
    const wrong = differenceIn(row, attention.get(row.flight_id), sold, asOf);
    if (wrong !== undefined) differences.push(`${name}, ${row.flight_id} ${row.cabin}: ${wrong}`);
  }
  const left = run.changed - run.pruned;
  if (rows.length !== left)
    differences.push(`${name} has ${left} prices that it changed and that were not pruned, and ${rows.length} are stored`);
  return { prices: rows.length, differences };
}

async function comparedIn({ lake, warehouse }: ReplayPorts, { timetable }: Manifest): Promise<readonly ComparedFlight[] | undefined> {
  const path = timetablePath(timetable);
  const bytes = await lake.read(path);
  if (bytes === undefined || sha256(bytes) !== timetable) return undefined;
  const local = await lake.local(path);
  if (local === undefined) return undefined;
  try {
    const answer = await warehouse.rows({
      sql: 'select id, origin, destination, departs_at, arrives_at from flights order by id',
      tables: { flights: { files: [local.file] } },
    });
    const [ids, origins, destinations] = [answer.texts('id'), answer.texts('origin'), answer.texts('destination')];
    const [departs, arrives] = [answer.numbers('departs_at'), answer.numbers('arrives_at')];
    return ids.map((id, index) => ({
      id,
      origin: origins[index] ?? '',
      destination: destinations[index] ?? '',
      departsAt: departs[index] ?? 0,
      arrivesAt: arrives[index] ?? 0,
    }));
  } finally {
    local.release();
  }
}

async function soldAt(queries: Queries, { flight_id, cabin }: PriceRow, asOf: number): Promise<number> {
  const { seats } = await bookingTables(queries)
    .selectFrom('flights_ticket')
    .select((expression) => expression.fn.countAll<number>().as('seats'))
    .where('flight_id', '=', flight_id)
    .where('cabin', '=', cabin)
    .where('booked_at', '<=', asOf)
    .where((where) => where.or([where('cancelled_at', 'is', null), where('cancelled_at', '>', asOf)]))
    .executeTakeFirstOrThrow();
  return Number(seats);
}

function differenceIn(row: PriceRow, attention: FlightAttention | undefined, sold: number, asOf: number): string | undefined {
  const stored = JSON.parse(row.inputs) as PriceInputs;
  if (attention === undefined) return 'the flight is not in the timetable that the run read';
  const again = priceOf({ ...stored, sold, departsAt: attention.flight.departsAt }, attention, asOf);
  const expected: PriceInputs = { model: modelName, runId: row.run_id, ...again };
  const names = Object.keys(expected) as (keyof PriceInputs)[];
  const wrong = names.filter((name) => stored[name] !== expected[name]);
  if (wrong.length === 0 && row.price === again.price && row.before === again.before) return undefined;
  return (
    wrong.map((name) => `${name} is stored as ${stored[name]}, computed as ${expected[name]}`).join('; ') ||
    'the row differs from its inputs'
  );
}
