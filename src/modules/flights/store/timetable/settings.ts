/** What all processes know of the timetable: how far it was made, how far it was tidied, and when services changed. */
import type { Queries } from '#core/ports/state.ts';
import { timetable } from './tables.ts';

/** `until`: the last day that was made. `kept-from`: flights that left before were removed. `changed`: raised when services change. */
type Name = 'until' | 'kept-from' | 'changed';

export async function findNumber(queries: Queries, name: Name): Promise<number | undefined> {
  const row = await timetable(queries).selectFrom('flights_setting').select('value').where('name', '=', name).executeTakeFirst();
  return row === undefined ? undefined : Number(row.value);
}

export async function setNumber(queries: Queries, name: Name, number: number): Promise<void> {
  const value = String(number);
  await timetable(queries)
    .insertInto('flights_setting')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** Everybody who knows the services reads them again. */
export async function noteChange(queries: Queries, now: number): Promise<void> {
  await setNumber(queries, 'changed', Math.max(now, ((await findNumber(queries, 'changed')) ?? 0) + 1));
}

/** The last day that was made, or 0. Until the transaction ends, others who want to know wait. */
export async function lockUntil(queries: Queries): Promise<number> {
  const { value } = await timetable(queries)
    .insertInto('flights_setting')
    .values({ name: 'until', value: '0' })
    .onConflict((conflict) => conflict.column('name').doUpdateSet((setting) => ({ value: setting.ref('flights_setting.value') })))
    .returning('value')
    .executeTakeFirstOrThrow();
  return Number(value);
}
