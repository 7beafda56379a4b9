/** What the coins' routes stand on, and what they share: a person's wallet, opened when it is first needed. */

import { refusal } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { HouseReasons } from '#core/reasons.ts';
import { accountById } from '#modules/people/who.ts';
import { type Answer, openAccount, type Transfer, walletOf } from '../post.ts';
import { type Balance, balanceOf } from '../store/accounts.ts';
import type { Desk } from '../store/desk.ts';
import type { CoinsReasons } from './reasons.ts';
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
  if (found === undefined) {
    const message = `There is no account ${accountId}: ask the receiver for the id that his wallet shows.`;
    throw refusal<CoinsReasons>('not_found', { name: 'no-receiver', values: { account: accountId } }, message, field);
  }
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
      throw refusal<CoinsReasons>(
        'conflict',
        { name: 'refused-before', values: {} },
        'This request was refused before, for want of coins, and no coins were moved: make a new one, with a new Idempotency-Key.',
      );
    case 'conflict':
      throw refusal<HouseReasons>(
        'conflict',
        { name: 'key-reused', values: {} },
        'This Idempotency-Key was used before, with another request: no coins were moved. Use a new key for each new request.',
        'idempotency-key',
      );
    case 'insufficient': {
      const { available } = answer;
      const message = `The amount is more than the ${available} coins that can be spent: no coins were moved. Send less, or wait until you have more.`;
      throw refusal<CoinsReasons>('conflict', { name: 'amount-beyond', values: { available } }, message, 'amount');
    }
  }
}
