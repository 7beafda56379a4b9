/**
 * Lands accesses of one partition in the lake, each exactly once. The bounds and the names of the next files are stored before
 * the files are written, so that after a crash at any point the same files get the same bytes; the position moves in the
 * transaction that makes the files known.
 */
import { createHash } from 'node:crypto';
import { KontorError } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Frame } from '#core/ports/stream.ts';
import { accessWords, lostKind, wordsPerAccess } from '../../domain/access-records.ts';
import { accessPath, hourOf } from '../../domain/lake-paths.ts';
import type { Warehouse } from '../../ports/warehouse.ts';
import { advance, type Landed, readLanded, storePlan } from '../../store/access/landed.ts';
import type { LakeFileRow } from '../../store/access/tables.ts';

export type LandingPorts = Pick<Ports, 'state' | 'lake' | 'clock'> & { readonly warehouse: Warehouse };

export type LandingOutcome = 'done' | 'reread' | { readonly rereadFrom: number };

/** Order and types are part of the format: the same rows must give the same bytes. */
const accessSql = `select seq, at_ms, cast(kind as integer) as kind, cast(account as integer) as account, flight, visitor, network,
  cast(part as integer) as part
from accesses order by seq`;

export async function land(ports: LandingPorts, partition: string, frames: readonly Frame[]): Promise<LandingOutcome> {
  for (;;) {
    const landed = await readLanded(ports.state, partition);
    const { first, count } = bounds(frames);
    if (first > landed.position + 1) return { rereadFrom: landed.position + 1 };
    const end = first + count - 1;
    if (end <= landed.position) return 'done';
    const planned = await plan(ports, partition, landed, frames);
    if (planned?.plan === undefined) return 'reread';
    const hours = hoursOf(wordsOf(frames, landed.position + 1, planned.plan.last));
    const files: LakeFileRow[] = [];
    for (const [hour, rows] of hours)
      files.push(await landHour(ports, { partition, from: landed.position, last: planned.plan.last }, hour, rows));
    if (!(await advance(ports.state, partition, { position: planned.position, plan: planned.plan }, files))) return 'reread';
  }
}

/** The stored plan, or a new one for all that was delivered; undefined when another recorder changed it. */
async function plan(
  { state, lake }: LandingPorts,
  partition: string,
  landed: Landed,
  frames: readonly Frame[],
): Promise<Landed | undefined> {
  const { first, count } = bounds(frames);
  const end = first + count - 1;
  if (landed.plan !== undefined && landed.plan.last <= end) return landed;
  // The plan reaches further than what was delivered this time: what was written of it makes room for a shorter one.
  for (const path of landed.plan?.paths ?? []) await lake.remove(path);
  const hours = hoursOf(wordsOf(frames, landed.position + 1, end));
  const paths = [...hours.keys()].map((hour) => accessPath(hour, { partition, first: landed.position + 1, last: end }));
  const next = { last: end, paths };
  return (await storePlan(state, partition, landed, next)) ? { position: landed.position, plan: next } : undefined;
}

interface Batch {
  readonly partition: string;
  /** The position before it. */
  readonly from: number;
  readonly last: number;
}

async function landHour({ lake, warehouse, clock }: LandingPorts, batch: Batch, hour: number, rows: HourRows): Promise<LakeFileRow> {
  const path = accessPath(hour, { partition: batch.partition, first: batch.from + 1, last: batch.last });
  const columns = columnsOf(rows, batch);
  let bytes = await warehouse.parquet({ sql: accessSql, tables: { accesses: { columns } } });
  // Where an earlier attempt was made by another version of the engine, its file has the same rows in other bytes.
  if ((await lake.create(path, bytes)) === 'exists') bytes = (await lake.read(path)) ?? bytes;
  return {
    path,
    hour,
    partition: batch.partition,
    first: batch.from + 1,
    last: batch.last,
    rows: rows.places.length,
    bytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    landed_at: clock.now(),
    replaced_at: null,
  };
}

interface HourRows {
  readonly words: Float64Array;
  /** Of its accesses in `words`. */
  readonly places: number[];
}

/** In the order of their first access. */
function hoursOf(words: Float64Array): ReadonlyMap<number, HourRows> {
  const hours = new Map<number, HourRows>();
  let hour = Number.NaN;
  let rows: HourRows | undefined;
  for (let place = 0; place < words.length / wordsPerAccess; place += 1) {
    const next = hourOf((words[place * wordsPerAccess] ?? 0) / 16);
    if (next !== hour || rows === undefined) {
      hour = next;
      rows = hours.get(hour) ?? { words, places: [] };
      hours.set(hour, rows);
    }
    rows.places.push(place);
  }
  return hours;
}

function columnsOf({ words, places }: HourRows, { partition, from }: Batch): Record<string, Float64Array> {
  const column = () => new Float64Array(places.length);
  const columns = {
    seq: column(),
    at_ms: column(),
    kind: column(),
    account: column(),
    flight: column(),
    visitor: column(),
    network: column(),
  };
  for (const [index, place] of places.entries()) {
    const start = place * wordsPerAccess;
    const when = words[start] ?? 0;
    const low = when % 16;
    columns.seq[index] = from + 1 + place;
    columns.at_ms[index] = (when - low) / 16;
    columns.account[index] = low % 2;
    columns.kind[index] = (low - (low % 2)) / 2;
    columns.flight[index] = words[start + 1] ?? 0;
    columns.visitor[index] = words[start + 2] ?? 0;
    columns.network[index] = words[start + 3] ?? 0;
  }
  return { ...columns, part: column().fill(Number(partition)) };
}

/** The accesses of these numbers. */
function wordsOf(frames: readonly Frame[], first: number, last: number): Float64Array {
  const { first: start } = bounds(frames);
  const words = accessWords(frames.map(({ body }) => body)).subarray((first - start) * wordsPerAccess, (last - start + 1) * wordsPerAccess);
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? Number.NaN;
    const known = place % wordsPerAccess !== 0 || (word % 16) >> 1 <= lostKind;
    if (known && word >= 0 && Number.isSafeInteger(word)) continue;
    const number = first + Math.floor(place / wordsPerAccess);
    throw new KontorError('storage_damaged', `access ${number} on the stream is none that this version knows`);
  }
  return words;
}

function bounds(frames: readonly Frame[]): { readonly first: number; readonly count: number } {
  return { first: frames[0]?.first ?? 0, count: frames.reduce((sum, { count }) => sum + count, 0) };
}
