/** Machines of miners. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { registerMiner } from './miners.ts';
import { type MinerRow, trustTables } from './tables.ts';

/** Makes the account a miner if it is none. */
export async function minerState(queries: Queries, accountId: string, now: number): Promise<MinerRow['state']> {
  await registerMiner(queries, accountId, now);
  const { state } = await trustTables(queries)
    .selectFrom('errands_miner')
    .select('state')
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  return state;
}

export interface MachineReport {
  readonly accountId: string;
  readonly name: string;
  readonly version: string;
  readonly network: string;
  readonly concurrency: number;
  /** Since the last report. */
  readonly pages: number;
  readonly failures: number;
  readonly at: number;
}

const columns = {
  account_id: 'text',
  name: 'text',
  version: 'text',
  network: 'text',
  concurrency: 'bigint',
  pages: 'bigint',
  failures: 'bigint',
  last_at: 'bigint',
} as const;

/** Sorted, so that no two desks wait for each other. */
export async function addMachines(queries: Queries, reports: readonly MachineReport[]): Promise<void> {
  const rows = reports
    .map(({ accountId, name, version, network, concurrency, pages, failures, at }) => ({
      account_id: accountId,
      name,
      version,
      network,
      concurrency,
      pages,
      failures,
      last_at: at,
    }))
    .sort((one, other) => (`${one.account_id} ${one.name}` < `${other.account_id} ${other.name}` ? -1 : 1));
  await sql`insert into errands_machine (account_id, name, version, network, concurrency, pages, failures, last_at)
    ${rowsFrom(queries, columns, rows)}
    on conflict (account_id, name) do update set
      version = case when excluded.concurrency > 0 then excluded.version else errands_machine.version end,
      network = case when excluded.concurrency > 0 then excluded.network else errands_machine.network end,
      concurrency = case when excluded.concurrency > 0 then excluded.concurrency else errands_machine.concurrency end,
      pages = errands_machine.pages + excluded.pages, failures = errands_machine.failures + excluded.failures,
      last_at = excluded.last_at`.execute(queries);
}
