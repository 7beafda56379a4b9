/** What the coins' routes stand on, and what they share: a person's wallet, opened when it is first needed. */

import { houseRefusals } from '#core/house-refusals.ts';
import type { Ports } from '#core/ports/ports.ts';
import { refuse } from '#core/refuse.ts';
import { accountById } from '#modules/people/who.ts';
import { type Answer, openAccount, type Transfer, walletOf } from '../post.ts';
import { coinsRefusals } from '../refusals.ts';
import { type Balance, balanceOf } from '../store/accounts.ts';
import type { Desk } from '../store/desk.ts';
import type { Moved } from './schemas.ts';

export interface CoinsContext {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'log'>;
  readonly desk: Desk;
  /** Coins that the faucet gives an account in a day, in a demonstration; 0 for none. */
  readonly faucetCoins: number;
}

const nothing: Balance = { posted: 0, held: 0, available: 0 };

export async function walletBalance({ ports }: CoinsContext, accountId: string): Promise<Balance> {
  return (await ports.state.read((queries) => balanceOf(queries, walletOf(accountId)))) ?? nothing;
}

/** Resolves the wallet of an account, and opens it if there is none yet; refuses an account that there is not. */
export async function walletFor({ ports: { state } }: CoinsContext, accountId: string, field: string): Promise<string> {
  const wallet = walletOf(accountId);
  const found = await state.read(async (queries) => {
    if ((await balanceOf(queries, wallet)) !== undefined) return 'wallet';
    return (await accountById(queries, accountId)) === undefined ? undefined : 'person';
  });
  if (found === undefined) throw refuse(coinsRefusals, 'no-receiver', { account: accountId }, field);
  if (found === 'person') await state.write((queries) => openAccount(queries, { owner: accountId, kind: 'wallet', mode: 'strict' }));
  return wallet;
}

/** Posts it, and says what came of it; a refusal is thrown. `wallet` is the one that the caller wants to hear of. */
export async function postOne(context: CoinsContext, transfer: Transfer, wallet: string): Promise<Moved> {
  const repeated = wasRepeated(await answerTo(context, transfer));
  const balance = await context.ports.state.read((queries) => balanceOf(queries, wallet));
  return { repeated, amount: transfer.amount, available: (balance ?? nothing).available };
}

/** Who never had a coin has no wallet: what he would spend is not there, and nothing need be written down. */
async function answerTo({ ports: { state }, desk }: CoinsContext, transfer: Transfer): Promise<Answer> {
  const payer = await state.read((queries) => balanceOf(queries, transfer.debit));
  return payer === undefined ? { outcome: 'insufficient', available: 0 } : desk.post(transfer);
}

function wasRepeated(answer: Answer): boolean {
  switch (answer.outcome) {
    case 'posted':
      return false;
    case 'replayed':
      if (answer.first === 'posted') return true;
      throw refuse(coinsRefusals, 'refused-before');
    case 'conflict':
      throw refuse(houseRefusals, 'key-reused', {}, 'idempotency-key');
    case 'insufficient':
      throw refuse(coinsRefusals, 'amount-beyond', { available: answer.available }, 'amount');
  }
}
