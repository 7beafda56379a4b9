/** The subject of the bench of the lake: a process of its own that computes prices once, and reports its time and memory. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFolderLake } from '#engines/lake/folder.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { processHolder } from '#house/process-holder.ts';
import { realClock } from '#house/real-clock.ts';
import { openDuckdbWarehouse } from '#modules/flights/engines/warehouse/duckdb.ts';
import { reprice } from '#modules/flights/roles/pricer/reprice.ts';
import { silentLog } from '#testkit/log.ts';
import { mostResidentMegabytes } from './house.ts';

export interface RepriceOrder {
  readonly folder: string;
  readonly asOf: number;
  readonly memoryMiB: number;
  readonly dryRun: boolean;
}

export interface RepriceReport {
  readonly tookMs: number;
  readonly peakMiB: number;
  readonly prices: number;
  readonly changed: number;
}

async function run({ folder, asOf, memoryMiB, dryRun }: RepriceOrder): Promise<RepriceReport> {
  const [clock, log] = [realClock, silentLog()];
  const state = await openSqliteState({ path: join(folder, 'kontor.db'), clock, log });
  const lake = openFolderLake({ folder: join(folder, 'lake'), clock, holder: processHolder() });
  const warehouse = openDuckdbWarehouse({ memoryMiB, threads: 2, clock });
  const startedMs = clock.monotonicMs();
  const { prices, changed } = await reprice({ state, lake, warehouse, clock, log }, { asOf, dryRun });
  const tookMs = clock.monotonicMs() - startedMs;
  const peakMiB = [process.pid, ...childrenOf(process.pid)].reduce((sum, pid) => sum + mostResidentMegabytes(pid), 0);
  await Promise.all([warehouse.close(), state.close()]);
  return { tookMs, peakMiB, prices, changed };
}

/** The warehouse is a process of its own. */
function childrenOf(pid: number): readonly number[] {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number));
}

process.once('message', (order) => void run(order as RepriceOrder).then((report) => process.send?.(report, () => process.disconnect?.())));
