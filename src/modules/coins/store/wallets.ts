/** Wallets of people: opened when they are first needed, and posted to one transfer at a time. */
import type { Queries, State } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { accountById, closedAmong } from '#modules/people/who.ts';
import { type Balance, emptyBalance, ownerOf, walletOf } from '../domain/accounts.ts';
import type { Answer } from '../domain/posting.ts';
import { coinsRefusals } from '../refusals.ts';
import { balanceOf, openAccount } from './accounts.ts';
import type { Desk } from './desk.ts';
import { post, type Transfer } from './transfers.ts';

/** A person without a wallet has never had a coin. */
export async function walletBalance(state: State, accountId: string): Promise<Balance> {
  return (await state.read((queries) => balanceOf(queries, walletOf(accountId)))) ?? emptyBalance;
}

/** Resolves the wallet of a person, opening it if there is none yet; undefined where nobody has this account. That of a closed account stays. */
export async function openWalletOf(state: State, accountId: string): Promise<string | undefined> {
  const wallet = walletOf(accountId);
  const found = await state.read(async (queries) => {
    if ((await balanceOf(queries, wallet)) !== undefined) return 'wallet';
    return (await accountById(queries, accountId)) && 'person';
  });
  if (found === 'person') await state.write((queries) => openAccount(queries, { owner: accountId, kind: 'wallet', mode: 'strict' }));
  return found && wallet;
}

/** A payer without a wallet has nothing to spend, and nothing is stored. */
export async function postOne(state: State, desk: Desk, transfer: Transfer): Promise<Answer> {
  const payer = await state.read((queries) => balanceOf(queries, transfer.debit));
  return payer === undefined ? { outcome: 'insufficient', available: 0 } : desk.submit(transfer);
}

/** As `post`, and rejects where somebody is paid who closed the account; a repetition is answered as it was at first. */
export async function postToOpen(queries: Queries, transfers: readonly Transfer[]): Promise<readonly Answer[]> {
  const answers = await post(queries, transfers);
  const paid = transfers.filter((_, index) => answers[index]?.outcome === 'posted');
  // Their wallets are locked by now: none of these accounts can be closed before the commit.
  const closed = await closedAmong(
    queries,
    paid.flatMap(({ credit }) => ownerOf(credit) ?? []),
  );
  for (const { kind, credit } of paid) {
    const account = ownerOf(credit);
    if (account !== undefined && closed.has(account))
      throw refuse(coinsRefusals, 'no-receiver', { account }, kind === 'transfer' ? 'to' : 'account');
  }
  return answers;
}
