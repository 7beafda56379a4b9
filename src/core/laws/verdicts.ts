/** The auditor's verdicts, stored in the State so that every process can show them. */
import type { Migration, State } from '../ports/state.ts';

export interface Verdict {
  readonly lawId: string;
  readonly says: string;
  /** What was checked, with counts. */
  readonly checked: string;
  /** Null when it could not be checked. */
  readonly holds: boolean | null;
  /** One sentence each; empty when the law holds; the reason when it could not be checked. */
  readonly violations: readonly string[];
  readonly checkedAt: number;
  readonly tookMs: number;
}

type VerdictTables = {
  law_verdict: {
    law_id: string;
    says: string;
    checked: string;
    holds: 0 | 1 | null;
    violations: string;
    checked_at: number;
    took_ms: number;
  };
};

export const verdictMigrations: readonly Migration[] = [
  {
    id: 'core-003-law-verdict',
    async up(queries) {
      // Earlier versions had a table in which `holds` was not nullable. Its verdicts are seconds old and need no conversion.
      await queries.schema.dropTable('law_verdict').ifExists().execute();
      await queries.schema
        .createTable('law_verdict')
        .addColumn('law_id', 'text', (column) => column.primaryKey())
        .addColumn('says', 'text', (column) => column.notNull())
        .addColumn('checked', 'text', (column) => column.notNull())
        .addColumn('holds', 'integer')
        .addColumn('violations', 'text', (column) => column.notNull())
        .addColumn('checked_at', 'bigint', (column) => column.notNull())
        .addColumn('took_ms', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];

/** Replaces all stored verdicts, so that none remains of a law that is no longer checked. */
export async function storeVerdicts(state: State, verdicts: readonly Verdict[]): Promise<void> {
  const rows = verdicts.map((verdict): VerdictTables['law_verdict'] => ({
    law_id: verdict.lawId,
    says: verdict.says,
    checked: verdict.checked,
    holds: verdict.holds === null ? null : verdict.holds ? 1 : 0,
    violations: JSON.stringify(verdict.violations),
    checked_at: verdict.checkedAt,
    took_ms: Math.round(verdict.tookMs),
  }));
  await state.write(async (queries) => {
    const tables = queries.withTables<VerdictTables>();
    await tables.deleteFrom('law_verdict').execute();
    if (rows.length > 0) await tables.insertInto('law_verdict').values(rows).execute();
  });
}

/** By law; empty before the first audit. */
export async function latestVerdicts(state: State): Promise<readonly Verdict[]> {
  const rows = await state.read((queries) =>
    queries.withTables<VerdictTables>().selectFrom('law_verdict').selectAll().orderBy('law_id').execute(),
  );
  return rows.map((row) => ({
    lawId: row.law_id,
    says: row.says,
    checked: row.checked,
    holds: row.holds === null ? null : row.holds === 1,
    violations: JSON.parse(row.violations) as string[],
    checkedAt: row.checked_at,
    tookMs: row.took_ms,
  }));
}
