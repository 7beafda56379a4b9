/** Finding accounts by what their address or name begins with: by indexes, and never more than a bounded number. */
import { type RawBuilder, sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { asciiLower, beginsWith, createPrefixIndex, lowered } from '#core/sql/prefix.ts';

/** Of each kind; the last one says that there are more. */
const maxFound = 201;

/** What is searched: the address, the name, and the name after its first space. */
function searched(queries: Queries): Readonly<Record<string, RawBuilder<string>>> {
  const spaceAt = sql.raw(dialectOf(queries) === 'postgres' ? `strpos(name, ' ')` : `instr(name, ' ')`);
  return {
    person_by_address: sql<string>`email`,
    person_by_name: lowered(queries, sql.raw('name')),
    person_by_last_name: lowered(queries, sql`substr(name, ${spaceAt} + 1)`),
  };
}

export const searchMigration: Migration = {
  id: 'people-003-search',
  async up(queries) {
    for (const [index, expression] of Object.entries(searched(queries))) await createPrefixIndex(queries, index, 'person', expression);
  },
};

export interface FoundAccounts {
  readonly ids: readonly string[];
  /** Whether there are more: then these are the first by what was searched. */
  readonly cut: boolean;
}

/** Accounts whose address, name or last name begins with the text. Addresses are stored in lower case. */
export async function findAccountIds(queries: Queries, text: string): Promise<FoundAccounts> {
  const prefix = asciiLower(text.trim());
  const found = Object.entries(searched(queries)).map(
    ([index, expression]) =>
      sql`select id, ${sql.lit(index)} as kind from (
        select id from person where ${beginsWith(queries, expression, prefix)} order by ${expression}, email limit ${sql.lit(maxFound)}
      ) as few`,
  );
  const { rows } = await sql<{ id: string; kind: string }>`${sql.join(found, sql` union all `)}`.execute(queries);
  const counts = [...Map.groupBy(rows, ({ kind }) => kind).values()].map(({ length }) => length);
  return { ids: [...new Set(rows.map(({ id }) => id))], cut: counts.includes(maxFound) };
}
