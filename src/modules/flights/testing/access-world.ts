/** A lake in a folder, a warehouse and a State for tests of accesses and prices, and accesses made up for them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lake } from '#core/ports/lake.ts';
import type { State } from '#core/ports/state.ts';
import type { Frame } from '#core/ports/stream.ts';
import { openFolderLake } from '#engines/lake/folder.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { closing } from '#testkit/closing.ts';
import { processHolder } from '#testkit/holder.ts';
import { type Cleanup, temporaryFolder } from '#testkit/temporary-folder.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import type { AccessKind } from '../domain/access.ts';
import { whenWord, wordsPerAccess } from '../domain/access-records.ts';
import { flightCode } from '../domain/flight-codes.ts';
import { openDuckdbWarehouse } from '../engines/warehouse/duckdb.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { flightsMigrations } from '../store/migrations.ts';

interface AccessWorldOptions {
  /** An empty one of its own if left out. */
  readonly state?: State | undefined;
  /** One that several worlds share: it takes a while to start. */
  readonly warehouse?: Warehouse | undefined;
}

export async function accessWorld(t: Cleanup, { state: given, warehouse: shared }: AccessWorldOptions = {}) {
  const closed = closing(t);
  const folder = temporaryFolder(t);
  const clock: ManualClock = manualClock();
  const state = given ?? (await temporaryState(t, []));
  await state.migrate(flightsMigrations);
  const lake = closed(openFolderLake({ folder, clock, holder: processHolder('lake') }));
  const warehouse = shared ?? closed(openDuckdbWarehouse({ memoryMiB: 256, threads: 2, clock }));
  return { state, lake, warehouse, clock, folder };
}

export interface MadeAccess {
  readonly at: number;
  readonly flight: string;
  readonly visitor: number;
  readonly network?: number;
  readonly kind?: AccessKind;
  readonly account?: boolean;
}

export function accessFrame(first: number, accesses: readonly MadeAccess[]): Frame {
  const words = new Float64Array(accesses.length * wordsPerAccess);
  for (const [index, { at, flight, visitor, network = visitor, kind = 'opened', account = false }] of accesses.entries())
    words.set([whenWord(at, kind, account), flightCode(flight) ?? Number.NaN, visitor, network], index * wordsPerAccess);
  return { first, count: accesses.length, body: new Uint8Array(words.buffer) };
}

/** Every file of the lake with the hash of its bytes, so that lakes can be compared. */
export async function lakeContent(lake: Lake, folder: string): Promise<ReadonlyMap<string, string>> {
  const files = await lake.list('', { limit: 10_000 });
  const hashOf = async (path: string) =>
    createHash('sha256')
      .update(await readFile(join(folder, path)))
      .digest('hex');
  return new Map(await Promise.all(files.map(async ({ path }) => [path, await hashOf(path)] as const)));
}
