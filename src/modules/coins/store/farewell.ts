/** The wallet of a person who leaves: what is left in it goes back to the mint; its entries stay in the ledger. */
import type { KontorError } from '#core/errors.ts';
import { invariant } from '#core/errors.ts';
import type { LeavingAccount } from '#core/farewell.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { houseAccounts } from '../domain/accounts.ts';
import { coinsRefusals } from '../refusals.ts';
import { balanceOf, lockAccounts, openAccount } from './accounts.ts';
import { post } from './transfers.ts';

export async function leaveWallet(queries: Queries, { id, now }: LeavingAccount): Promise<KontorError | undefined> {
  // Opened if there is none, so that it can be locked: a payer of this moment waits, and is refused then.
  const wallet = await openAccount(queries, { owner: id, kind: 'wallet', mode: 'strict' });
  await lockAccounts(queries, [wallet]);
  const { held = 0, available = 0 } = (await balanceOf(queries, wallet)) ?? {};
  if (held > 0) return refuse(coinsRefusals, 'coins-held', { held });
  if (available === 0) return undefined;
  const name = { scope: `closing:${id}`, key: 'the rest' };
  const rest = {
    ...name,
    kind: 'transfer',
    debit: wallet,
    credit: houseAccounts.mint,
    amount: available,
    at: now,
    memo: 'Account closed',
  } as const;
  const [answer] = await post(queries, [rest]);
  invariant(answer?.outcome === 'posted', `the rest of ${wallet} was not moved: ${answer?.outcome}`);
  return undefined;
}
