/** Seals the values of a column, a few rows at a time: those in clear, or all that were not sealed with the newest key. */
import { sql } from 'kysely';
import { placeOf, type Seal, type SealedColumn } from '#core/ports/secrets.ts';
import type { State } from '#core/ports/state.ts';
import { beginningOf, sealedMark } from './key-ring.ts';

const rowsAtOnce = 200;

/** With a key's id, all values that it did not seal. Resolves how many were sealed. */
export async function resealColumn(state: State, seal: Seal, where: SealedColumn, keyId: string | undefined): Promise<number> {
  const { table, key, column } = where;
  const sealed = keyId === undefined ? sealedMark : beginningOf(keyId);
  const [keyed, valued] = [sql.ref(key), sql.ref(column)];
  for (let count = 0, after = ''; ; ) {
    const rows = await state.read(async (queries) => {
      const found = sql<{ key: string; value: string }>`select ${keyed} as key, ${valued} as value from ${sql.table(table)}
        where ${keyed} > ${after} and ${valued} <> '' and substr(${valued}, 1, ${sealed.length}) <> ${sealed} order by ${keyed} limit ${rowsAtOnce}`;
      return (await found.execute(queries)).rows;
    });
    const last = rows.at(-1);
    if (last === undefined) return count;
    after = last.key;
    const fresh = rows.map((row) => {
      const place = placeOf(where, row.key);
      return { key: row.key, value: row.value, sealed: seal.seal(place, seal.open(place, row.value)) };
    });
    count += await state.write(async (queries) => {
      let changed = 0;
      for (const row of fresh) {
        // Only what is still the same: the row may have got a new secret in between.
        const { numAffectedRows } = await sql`update ${sql.table(table)} set ${valued} = ${row.sealed}
          where ${keyed} = ${row.key} and ${valued} = ${row.value}`.execute(queries);
        changed += Number(numAffectedRows ?? 0);
      }
      return changed;
    });
  }
}
