/** Letters to customers about their orders. */
import type { Mail } from '#core/ports/mail.ts';
import type { Queries } from '#core/ports/state.ts';
import { accountById } from '#modules/people/who.ts';

export interface StoppedOrder {
  readonly id: string;
  readonly accountId: string;
  readonly title: string;
}

/** One letter for each customer, however many orders have stopped. */
export async function tellOutOfCoins(queries: Queries, mail: Pick<Mail, 'post'>, orders: readonly StoppedOrder[]): Promise<void> {
  for (const [accountId, stopped] of Map.groupBy(orders, (order) => order.accountId)) {
    const account = await accountById(queries, accountId);
    if (account === undefined) continue;
    const listed = stopped.slice(0, 20).map(({ id, title }) => `  ${id}  ${title}`);
    const more = stopped.length > listed.length ? [`  and ${stopped.length - listed.length} more`] : [];
    const text = [
      `Hello ${account.name},`,
      '',
      'There are too few coins in your wallet, so these errands have stopped:',
      '',
      ...listed,
      ...more,
      '',
      'They go on by themselves when there are coins again. What was due until then is not made up for.',
      '',
      'Kontor',
    ].join('\n');
    await mail.post(queries, { to: account.email, subject: 'Your errands have stopped: too few coins', text });
  }
}
