/** What an account did as a miner, in lists: its machines, and its answers with what became of them. */
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { type AnswerRow, resultTables } from '../results/tables.ts';
import { type TrustTables, trustTables } from './tables.ts';

export type MachineRow = TrustTables['errands_machine'];

const machineCursor = pageCursor('errands machines', ['integer', 'text']);

/** Those that were seen last come first. */
export async function listMachines(
  queries: Queries,
  { accountId, limit, after }: PageRequest & { readonly accountId: string },
): Promise<Page<MachineRow>> {
  const rows = await trustTables(queries)
    .selectFrom('errands_machine')
    .selectAll()
    .where('account_id', '=', accountId)
    .where(isAfter(['last_at', 'name'], 'desc', machineCursor.read(after)))
    .orderBy('last_at', 'desc')
    .orderBy('name', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, ({ last_at, name }) => machineCursor.write([last_at, name]));
}

const shown = [
  'order_id',
  'generation',
  'slot',
  'copy',
  'verdict',
  'reason',
  'payment',
  'answered_at',
  'settles_at',
] as const satisfies readonly (keyof AnswerRow)[];

export type ShownAnswer = Pick<AnswerRow, (typeof shown)[number]>;

const answerCursor = pageCursor('errands answers', ['integer', 'text', 'integer', 'integer', 'integer']);
const answerOrder = ['answered_at', 'order_id', 'generation', 'slot', 'copy'] as const;

export interface AnswerFilter {
  readonly accountId: string;
  readonly verdict?: AnswerRow['verdict'] | undefined;
}

/** The newest first. */
export async function listAnswers(
  queries: Queries,
  { accountId, verdict, limit, after }: PageRequest & AnswerFilter,
): Promise<Page<ShownAnswer>> {
  let wanted = resultTables(queries)
    .selectFrom('errands_answer')
    .select(shown)
    .where('miner_id', '=', accountId)
    .where(isAfter(answerOrder, 'desc', answerCursor.read(after)));
  if (verdict !== undefined) wanted = wanted.where('verdict', '=', verdict);
  for (const column of answerOrder) wanted = wanted.orderBy(column, 'desc');
  const rows = await wanted.limit(limit + 1).execute();
  return pageOf(rows, limit, ({ answered_at, order_id, generation, slot, copy }) =>
    answerCursor.write([answered_at, order_id, generation, slot, copy]),
  );
}
