/** What errands do when somebody leaves: wages are waited for; orders stay with their coins, and forget where results were sent to. */
import type { KontorError } from '#core/errors.ts';
import type { LeavingAccount } from '#core/farewell.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { errandsRefusals } from '../../refusals.ts';
import { resultTables } from '../results/tables.ts';
import { orderTables } from './tables.ts';

export async function leaveErrands(queries: Queries, { id }: LeavingAccount): Promise<KontorError | undefined> {
  const tables = orderTables(queries);
  const open = await tables
    .selectFrom('errands_order')
    .select('id')
    .where('account_id', '=', id)
    .where((where) => where.or([where('state', 'not in', ['done', 'cancelled']), where('open', '>', 0)]))
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (open !== undefined) return refuse(errandsRefusals, 'errand-under-way', { order: open.id });
  const unpaid = await resultTables(queries)
    .selectFrom('errands_answer')
    .select('copy')
    .where('miner_id', '=', id)
    .where('payment', '=', 'pending')
    .limit(1)
    .executeTakeFirst();
  if (unpaid !== undefined) return refuse(errandsRefusals, 'wages-under-way');
  const forgotten = { title: '–', headers: '{}', webhook: null, mail: 0 } as const;
  await tables.updateTable('errands_order').set(forgotten).where('account_id', '=', id).execute();
  await tables.updateTable('errands_customer').set({ webhook_secret: '' }).where('account_id', '=', id).execute();
  return undefined;
}
