/** flights-3: the lake has as many accesses as the topic gave numbers, up to where the recorder is. */
import { sql } from 'kysely';
import { type Law, maxViolations } from '#core/laws/law.ts';
import { accessTopic, recorderGroup } from '../../domain/access.ts';
import { accessTables } from './tables.ts';

export const accessesLaw: Law = {
  id: 'flights-3',
  says: 'For each partition, the rows in the lake and those that expired are as many as the accesses numbered on the topic up to the position of the recorder.',
  enforcedBy: 'the recorder, which makes files known in the transaction that moves its position',
  async check({ state, stream }) {
    const landed = await state.read(async (queries) => {
      const tables = accessTables(queries);
      const sums = await tables
        .selectFrom('flights_file')
        .select((expression) => ['partition', expression.fn.sum<number>('rows').as('rows')])
        .where('replaced_at', 'is', null)
        .groupBy('partition')
        .execute();
      const rows = new Map(sums.map(({ partition, rows }) => [partition, Number(rows)]));
      const positions = await tables
        .selectFrom('flights_landed')
        .select(['partition', 'position', 'expired'])
        .orderBy('partition')
        .execute();
      const strangers = await tables
        .selectFrom('flights_file')
        .select('path')
        .where(
          sql<boolean>`not exists (select 1 from flights_landed where flights_landed.partition = flights_file.partition and flights_landed.position >= flights_file.last)`,
        )
        .limit(maxViolations)
        .execute();
      return { positions, rows, strangers };
    });
    const violations = landed.strangers.map(({ path }) => `${path} lies past the position of its partition`);
    const ends = await stream.status(accessTopic, recorderGroup).catch(() => undefined);
    for (const { partition, position, expired } of landed.positions) {
      const rows = landed.rows.get(partition) ?? 0;
      if (rows + expired !== position)
        violations.push(`partition ${partition} is at ${position}, but the lake has ${rows} rows, and ${expired} expired`);
      const end = ends?.find((one) => one.partition === partition)?.end;
      if (end !== undefined && end < position) violations.push(`partition ${partition} is at ${position}, but its topic ends at ${end}`);
    }
    return { checked: `${landed.positions.length} partitions`, violations: violations.slice(0, maxViolations) };
  },
};
