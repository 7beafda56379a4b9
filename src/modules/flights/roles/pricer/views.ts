/** Views of flights at a moment, from the accesses in the lake: hour by hour, so that only hours with news are read again. */
import { createHash } from 'node:crypto';
import { KontorError } from '#core/errors.ts';
import type { Lake, LocalFile } from '#core/ports/lake.ts';
import { decayUnit, decayWeight, windowHours } from '../../domain/decay.ts';
import { hourFolder, hourMs, hourOf } from '../../domain/lake-paths.ts';
import { demandSql, hourViewsSql, knownHourViewsSql } from '../../engines/warehouse/queries.ts';
import type { Question, Table, Warehouse } from '../../ports/warehouse.ts';
import type { LakeFileRow } from '../../store/access/tables.ts';

/** As many as the warehouse has threads. Their files are on this machine at the same time: see LAKE_COPIES_MB. */
const hoursAtOnce = 2;

export interface ViewsPorts {
  readonly lake: Lake;
  readonly warehouse: Warehouse;
}

export interface ViewsAsked {
  readonly asOf: number;
  readonly positions: readonly (readonly [partition: string, position: number])[];
  /** Those with accesses of the window, and no others. */
  readonly files: readonly LakeFileRow[];
}

/** Hours whose accesses count at a moment. */
export function windowOf(asOf: number): { readonly first: number; readonly last: number } {
  const last = hourOf(asOf);
  return { first: last - windowHours + 1, last };
}

/** By the code of the flight, in 1/65,536 of a visitor. */
export async function viewsOf(ports: ViewsPorts, asked: ViewsAsked, keep: 'in-lake' | 'nowhere'): Promise<ReadonlyMap<number, number>> {
  const hours = Map.groupBy(asked.files, ({ hour }) => hour);
  const kept: LocalFile[] = [];
  const latest = { hour: [] as number[], flight: [] as number[], views: [] as number[] };
  try {
    const left = [...hours];
    const lookAtHours = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const [hour, files] = next;
        if (isClosed(hour, asked.asOf) && keep === 'in-lake') kept.push(await keptViews(ports, hour, files, asked));
        else await addViews(ports, hour, files, asked, latest);
      }
    };
    const endAll = (error: unknown) => {
      left.length = 0;
      throw error;
    };
    const looks = await Promise.allSettled(Array.from({ length: hoursAtOnce }, () => lookAtHours().catch(endAll)));
    for (const look of looks) if (look.status === 'rejected') throw look.reason;
    const weights = [...hours.keys()];
    const tables: Record<string, Table> = {
      hours: kept.length > 0 ? { files: kept.map(({ file }) => file) } : { columns: emptyHours },
      latest: {
        columns: { hour: Float64Array.from(latest.hour), flight: Float64Array.from(latest.flight), views: Float64Array.from(latest.views) },
      },
      weights: {
        columns: {
          hour: Float64Array.from(weights),
          weight: Float64Array.from(weights, (hour) => decayWeight(hourOf(asked.asOf) - hour)),
        },
      },
    };
    const answer = await ports.warehouse.rows({ sql: demandSql, tables });
    const views = answer.numbers('views');
    return new Map(Array.from(answer.numbers('flight'), (flight, index) => [flight, Math.floor((views[index] ?? 0) / decayUnit)]));
  } finally {
    for (const { release } of kept) release();
  }
}

const emptyHours = { hour: new Float64Array(0), flight: new Float64Array(0), views: new Float64Array(0) };

/** The views of a closed hour are a file in the lake, named by what they follow from. */
async function keptViews(ports: ViewsPorts, hour: number, files: readonly LakeFileRow[], asked: ViewsAsked): Promise<LocalFile> {
  const key = createHash('sha256')
    .update(files.map(({ sha256 }) => sha256).join(' '))
    .digest('hex');
  const path = `${hourFolder('views', hour)}${key}.parquet`;
  const there = await ports.lake.local(path);
  if (there !== undefined) return there;
  const bytes = await withAccesses(ports, files, asked, (question) =>
    ports.warehouse.parquet({
      sql: `select cast(${hour} as bigint) as hour, flight, views from (${question.sql}) order by flight`,
      tables: question.tables,
    }),
  );
  await ports.lake.create(path, bytes);
  const made = await ports.lake.local(path);
  if (made === undefined) throw new KontorError('unavailable', `${path} is gone from the lake again`);
  return made;
}

async function addViews(
  ports: ViewsPorts,
  hour: number,
  files: readonly LakeFileRow[],
  asked: ViewsAsked,
  to: { readonly hour: number[]; readonly flight: number[]; readonly views: number[] },
): Promise<void> {
  const answer = await withAccesses(ports, files, asked, (question) => ports.warehouse.rows(question));
  const [flights, views] = [answer.numbers('flight'), answer.numbers('views')];
  for (let index = 0; index < answer.length; index += 1) {
    to.hour.push(hour);
    to.flight.push(flights[index] ?? 0);
    to.views.push(views[index] ?? 0);
  }
}

/** Asks about the accesses of one hour. */
async function withAccesses<Result>(
  { lake }: ViewsPorts,
  files: readonly LakeFileRow[],
  asked: ViewsAsked,
  ask: (question: Question) => Promise<Result>,
): Promise<Result> {
  const { asOf, positions } = asked;
  const local: LocalFile[] = [];
  try {
    for (const { path } of files) {
      const file = await lake.local(path);
      if (file === undefined) throw new KontorError('unavailable', `${path} is missing in the lake`);
      local.push(file);
    }
    const landed = { files: local.map(({ file }) => file) };
    // It saves a third of the time not to look at the number and the time of each access.
    if (isAllKnown(files, asked)) return await ask({ sql: hourViewsSql, tables: { accesses: landed } });
    const part = Float64Array.from(positions, ([partition]) => Number(partition));
    const position = Float64Array.from(positions, ([, position]) => position);
    return await ask({
      sql: knownHourViewsSql,
      tables: { landed, positions: { columns: { part, position } }, bounds: { columns: { as_of: Float64Array.of(asOf) } } },
    });
  } finally {
    for (const { release } of local) release();
  }
}

function isClosed(hour: number, asOf: number): boolean {
  return (hour + 1) * hourMs <= asOf;
}

/** A replay finds files that landed after the run, or were merged with such. */
function isAllKnown(files: readonly LakeFileRow[], { asOf, positions }: ViewsAsked): boolean {
  const known = new Map(positions);
  return files.every(({ hour, partition, last }) => isClosed(hour, asOf) && last <= (known.get(partition) ?? 0));
}
