/** Compares the lake with what the State knows of it: hashes, rows, numbers without holes, manifests, and files that nobody knows. */
import { createHash } from 'node:crypto';
import { type Lake, maxLakePage } from '#core/ports/lake.ts';
import type { Ports } from '#core/ports/ports.ts';
import { hourManifestText } from '../../domain/hour-manifest.ts';
import { hourFolder, hourManifestPath } from '../../domain/lake-paths.ts';
import type { Warehouse } from '../../ports/warehouse.ts';
import { countsAsFile, readKnown } from '../../store/access/lake-state.ts';
import type { LakeFileRow } from '../../store/access/tables.ts';

export type VerifyPorts = Pick<Ports, 'state' | 'lake'> & { readonly warehouse: Warehouse };

export interface Verified {
  readonly files: number;
  readonly rows: number;
  /** Manifests that list the files of their hour; the others are about to be written. */
  readonly manifests: number;
  readonly faults: readonly string[];
}

type Known = Awaited<ReturnType<typeof readKnown>>;

const maxFaults = 100;

export async function verifyLake(ports: VerifyPorts, progress: (files: number) => void = () => {}): Promise<Verified> {
  // The lake first: the name of a file is stored before the file is written.
  const there = await allAccessFiles(ports.lake);
  const known = await ports.state.read(readKnown);
  const faults = [...strangersIn(there, known), ...gapsIn(known)];
  let files = 0;
  for (const file of known.files) {
    if (faults.length >= maxFaults) break;
    files += 1;
    progress(files);
    const fault = await faultIn(ports, file);
    // It may have been merged or have expired since.
    if (fault !== undefined && (await ports.state.read((queries) => countsAsFile(queries, file.path))))
      faults.push(`${file.path} ${fault}`);
  }
  const { manifests, faults: wrong } = await verifyManifests(ports.lake, known);
  return {
    files,
    rows: known.files.reduce((sum, { rows }) => sum + rows, 0),
    manifests,
    faults: [...faults, ...wrong].slice(0, maxFaults),
  };
}

async function allAccessFiles(lake: Lake): Promise<readonly string[]> {
  const paths: string[] = [];
  for (;;) {
    const page = await lake.list('access', { after: paths.at(-1), limit: maxLakePage });
    for (const { path } of page) paths.push(path);
    if (page.length < maxLakePage) return paths;
  }
}

/** Expired files are removed after the State has forgotten them, and manifests are written before it knows them. */
function strangersIn(there: readonly string[], { files, others, keptFrom }: Known): string[] {
  const names = new Set([...files.map(({ path }) => path), ...others]);
  const bound = hourFolder('access', keptFrom);
  return there
    .filter((path) => path.endsWith('.parquet') && path >= bound && !names.has(path))
    .map((path) => `${path} is in the lake, and in no table`);
}

function gapsIn({ files, partitions }: Known): string[] {
  const faults: string[] = [];
  const byPartition = Map.groupBy(files, ({ partition }) => partition);
  for (const { partition, position, expired } of partitions) {
    const its = byPartition.get(partition) ?? [];
    const rows = its.reduce((sum, file) => sum + file.rows, 0);
    if (rows + expired !== position)
      faults.push(`partition ${partition}: ${rows} rows and ${expired} expired ones, but its position is ${position}`);
    const hole = expired === 0 ? holeIn(its, position) : undefined;
    if (hole !== undefined) faults.push(`partition ${partition}: no file has access ${hole}`);
  }
  return faults;
}

/** What is wrong with a file, in words that follow its name. */
export async function faultIn({ lake, warehouse }: Omit<VerifyPorts, 'state'>, file: LakeFileRow): Promise<string | undefined> {
  const damage = await damageOf(lake, file);
  if (damage !== undefined) return damage;
  const local = await lake.local(file.path);
  if (local === undefined) return 'is missing';
  try {
    const sql = 'select count(distinct seq) as seqs, count(*) as counted, min(seq) as low, max(seq) as high from accesses';
    const answer = await warehouse.rows({ sql, tables: { accesses: { files: [local.file] } } });
    const [seqs, counted, low = 0, high = 0] = ['seqs', 'counted', 'low', 'high'].map((name) => answer.numbers(name)[0]);
    if (counted !== file.rows || seqs !== file.rows) return `has ${counted} rows with ${seqs} numbers, and should have ${file.rows}`;
    if (low < file.first || high > file.last) return `has numbers ${low} to ${high}, which its name does not say`;
    return undefined;
  } finally {
    local.release();
  }
}

export async function damageOf(lake: Lake, { path, sha256 }: LakeFileRow): Promise<string | undefined> {
  const bytes = await lake.read(path);
  if (bytes === undefined) return 'is missing';
  return createHash('sha256').update(bytes).digest('hex') === sha256 ? undefined : 'has another content than was landed';
}

function holeIn(ranges: readonly { readonly first: number; readonly last: number }[], position: number): number | undefined {
  let next = 1;
  for (const { first, last } of [...ranges].sort((a, b) => a.first - b.first)) {
    if (first > next) return next;
    next = Math.max(next, last + 1);
  }
  return next <= position ? next : undefined;
}

/** A manifest of other files than those that count is out of date: the next upkeep writes another. */
async function verifyManifests(lake: Lake, known: Known): Promise<{ manifests: number; faults: readonly string[] }> {
  const byHour = Map.groupBy(known.files, ({ hour }) => hour);
  const faults: string[] = [];
  let manifests = 0;
  for (const manifest of known.manifests) {
    const files = byHour.get(manifest.hour) ?? [];
    if (files.length !== manifest.files || files.reduce((sum, { rows }) => sum + rows, 0) !== manifest.rows) continue;
    manifests += 1;
    const path = hourManifestPath(manifest.hour, manifest.version);
    const bytes = await lake.read(path);
    if (bytes === undefined) faults.push(`${path} is missing`);
    else if (createHash('sha256').update(bytes).digest('hex') !== manifest.sha256)
      faults.push(`${path} has another content than was written`);
    else if (!Buffer.from(hourManifestText(manifest.hour, files)).equals(bytes)) faults.push(`${path} does not list the files of its hour`);
  }
  return { manifests, faults };
}
