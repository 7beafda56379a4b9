/** What a unit of work costs: processor time of this process and of PostgreSQL, and bytes that PostgreSQL logs and keeps. */
import { readdirSync } from 'node:fs';
import pg from 'pg';
import { runningProcess, statFields } from '#cluster/processes.ts';
import { placeOf } from '../tools/engines.ts';
import type { Report } from './bench.ts';

export interface Cost {
  readonly units: number;
  readonly houseMs: number;
  readonly databaseMs: number;
  /** The write-ahead log: what a disk has to write, and what each replica receives. */
  readonly loggedBytes: number;
  readonly keptBytes: number;
}

/** Both run on this machine: the house in this process, and PostgreSQL as the engine `postgres`. `work` resolves the number of units. */
export async function costOf(url: string, work: () => Promise<number>): Promise<Cost> {
  const [before, house] = [await databaseUse(url), process.cpuUsage()];
  const units = await work();
  const { user, system } = process.cpuUsage(house);
  const after = await databaseUse(url);
  return {
    units,
    houseMs: (user + system) / 1_000,
    databaseMs: after.processorMs - before.processorMs,
    loggedBytes: after.loggedBytes - before.loggedBytes,
    keptBytes: after.keptBytes - before.keptBytes,
  };
}

/** The figures of `what`, such as `a checkout`, over all measurements together. */
export function reportCosts({ figure }: Report, what: string, costs: readonly Cost[]): void {
  const units = sum(costs, 'units');
  figure({ what: `${what}: processor time of the house`, value: sum(costs, 'houseMs') / units, unit: 'ms' });
  figure({ what: `${what}: processor time of PostgreSQL`, value: sum(costs, 'databaseMs') / units, unit: 'ms' });
  figure({ what: `${what}: written ahead by PostgreSQL`, value: sum(costs, 'loggedBytes') / units / 1_000, unit: 'kB' });
  figure({ what: `${what}: kept by PostgreSQL`, value: sum(costs, 'keptBytes') / units / 1_000, unit: 'kB' });
}

function sum(costs: readonly Cost[], of: keyof Cost): number {
  return costs.reduce((total, cost) => total + cost[of], 0);
}

async function databaseUse(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ logged: string; kept: string }>(
      `select pg_current_wal_lsn() - '0/0'::pg_lsn as logged, pg_database_size(current_database()) as kept`,
    );
    return { processorMs: familyMs(), loggedBytes: Number(rows[0]?.logged), keptBytes: Number(rows[0]?.kept) };
  } finally {
    await client.end();
  }
}

const tickMs = 10;

/** Of PostgreSQL and its children, also those that have ended. */
function familyMs(): number {
  const server = runningProcess({ name: 'postgres', folder: placeOf('postgres').folder });
  if (server === undefined) throw new Error('The engine postgres does not run.');
  let ticks = 0;
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const fields = statFields(Number(id)) ?? [];
    if (Number(id) === server.pid) ticks += times(fields, [11, 12, 13, 14]);
    else if (fields[1] === String(server.pid)) ticks += times(fields, [11, 12]);
  }
  return ticks * tickMs;
}

function times(fields: readonly string[], places: readonly number[]): number {
  return places.reduce((total, place) => total + Number(fields[place] ?? 0), 0);
}
