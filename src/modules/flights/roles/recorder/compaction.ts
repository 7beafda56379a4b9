/** Merges small files of hours that ended, and removes the files that were replaced. */
import { createHash } from 'node:crypto';
import { KontorError } from '#core/errors.ts';
import type { LocalFile } from '#core/ports/lake.ts';
import {
  finishMerge,
  forgetReplaced,
  giveUpMerge,
  isFile,
  type Merge,
  type MergeRules,
  nextMerge,
  readReplaced,
  readSources,
} from '../../store/access/merges.ts';
import type { LakeFileRow } from '../../store/access/tables.ts';
import type { LandingPorts } from './landing.ts';
import { damageOf, faultIn } from './verify.ts';

/**
 * Who reads the lake asks the State for the files first, and has read them long before this time is over. It gives those time,
 * too, who go by the manifest of an hour.
 */
const replacedKeepMs = 24 * 3_600_000;

/** As files are landed: a merged file has the bytes that it would have if it had landed whole. */
const mergeSql = 'select seq, at_ms, kind, account, flight, visitor, network, part from accesses order by seq';

/** Where a file is damaged, its hour stays as it is, the others are merged, and it rejects at the end. */
export async function compact(ports: LandingPorts, rules: MergeRules, signal?: AbortSignal): Promise<void> {
  let damage: KontorError | undefined;
  for (let from = 0; !signal?.aborted; ) {
    const merge = await nextMerge(ports.state, rules, from);
    if (merge === undefined) break;
    from = merge.hour;
    try {
      await carryOut(ports, merge);
    } catch (error) {
      if (!(error instanceof KontorError && error.code === 'storage_damaged')) throw error;
      damage ??= error;
      await giveUp(ports, merge);
      from = merge.hour + 1;
    }
  }
  if (damage !== undefined) throw damage;
}

async function carryOut(ports: LandingPorts, merge: Merge): Promise<void> {
  const { state, lake, clock } = ports;
  const sources = await readSources(state, merge);
  if (sources === undefined) return giveUp(ports, merge);
  let bytes = await mergedBytes(ports, sources);
  // Where an earlier attempt was made by another version of the engine, its file has the same rows in other bytes.
  if ((await lake.create(merge.path, bytes)) === 'exists') bytes = (await lake.read(merge.path)) ?? bytes;
  const file: LakeFileRow = {
    path: merge.path,
    hour: merge.hour,
    partition: merge.partition,
    first: sources[0]?.first ?? 0,
    last: sources.at(-1)?.last ?? 0,
    rows: sources.reduce((sum, { rows }) => sum + rows, 0),
    bytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    landed_at: clock.now(),
    replaced_at: null,
  };
  const fault = await faultIn(ports, file);
  if (fault !== undefined) throw new KontorError('storage_damaged', `${merge.path}, merged of ${sources.length} files, ${fault}`);
  if (!(await finishMerge(state, merge, file))) await removeUnknown(ports, merge.path);
}

async function mergedBytes(ports: LandingPorts, sources: readonly LakeFileRow[]): Promise<Uint8Array> {
  const local: LocalFile[] = [];
  try {
    for (const source of sources) {
      // A damaged file must not be replaced: the merged one would look sound.
      const fault = await damageOf(ports.lake, source);
      const file = fault === undefined ? await ports.lake.local(source.path) : undefined;
      if (file === undefined) throw new KontorError('storage_damaged', `${source.path} ${fault ?? 'is missing'}: it is not merged`);
      local.push(file);
    }
    return await ports.warehouse.parquet({ sql: mergeSql, tables: { accesses: { files: local.map(({ file }) => file) } } });
  } finally {
    for (const { release } of local) release();
  }
}

async function giveUp(ports: LandingPorts, merge: Merge): Promise<void> {
  await giveUpMerge(ports.state, merge);
  await removeUnknown(ports, merge.path);
}

/** What a merge has written that was given up, or that another process had done and replaced already. */
async function removeUnknown({ state, lake }: LandingPorts, path: string): Promise<void> {
  if (!(await isFile(state, path))) await lake.remove(path);
}

/** The lake loses a file before the State does: what the State does not know is not there. */
export async function removeReplaced({ state, lake, clock }: LandingPorts): Promise<void> {
  for (;;) {
    const paths = await readReplaced(state, clock.now() - replacedKeepMs);
    if (paths.length === 0) return;
    for (const path of paths) await lake.remove(path);
    await forgetReplaced(state, paths);
  }
}
