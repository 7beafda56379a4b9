/** Migrations on PostgreSQL: all in one transaction, under a lock that ends with it. */
import type { Migration } from '#core/ports/state.ts';
import { applyMigrations } from '../state/migrations.ts';
import { queriesOn } from './queries.ts';
import type { Transactions } from './transactions.ts';

const migrationTimeoutMs = 600_000;
/** An arbitrary key for the advisory lock. */
const migrationLock = 7_054_821;

/** A migrator that dies blocks no other: its lock ends with its transaction. */
export function migrate(transactions: Transactions, migrations: readonly Migration[], now: number): Promise<readonly string[]> {
  return transactions.run(
    'write',
    async (session) => {
      await session.query(`set local statement_timeout = ${migrationTimeoutMs}`);
      await session.query(`set local lock_timeout = ${migrationTimeoutMs}`);
      await session.query(`select pg_advisory_xact_lock(${migrationLock})`);
      return applyMigrations(queriesOn(session), migrations, now);
    },
    migrationTimeoutMs,
  );
}
