/** What orders do by themselves: forget old request keys, hosts that nobody asks any more, and test fetches. Any number of processes may do it at once. */

import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dayMs } from '../../domain/days.ts';
import { forgetPreviews } from '../hosts/previews.ts';
import { orderKeys } from './tables.ts';

const keepMs = 7 * dayMs;
const perRound = 500;

/** One bounded round; `more` while there is more to do. */
export async function keepOrders(state: State, now: number): Promise<'more' | undefined> {
  const removed = await state.write(async (queries) => {
    const keys = await orderKeys.prune(queries, now - keepMs, perRound);
    const { rows: hosts } = await sql<{ host: string }>`delete from errands_host where host in (
      select host from errands_host where changed_at < ${now - keepMs} and robots_at < ${now - keepMs} and rests_until < ${now}
      order by changed_at limit ${perRound}) returning host`.execute(queries);
    const names = hosts.map(({ host }) => host);
    if (names.length > 0) await sql`delete from errands_visit where ${isAmong(queries, 'host', names)}`.execute(queries);
    return [keys, names.length, await forgetPreviews(queries, now, perRound)];
  });
  return removed.includes(perRound) ? 'more' : undefined;
}
