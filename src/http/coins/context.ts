/** What the coins' routes stand on, and what they share: a person's wallet, opened when it is first needed. */
import { type Balance, balanceOf } from '#core/coins/accounts.ts';
import type { Desk } from '#core/coins/desk.ts';
import { type Answer, openAccount, type Transfer, walletOf } from '#core/coins/ledger.ts';
import { KontorError } from '#core/errors.ts';
import { findAccount } from '#core/people/accounts.ts';
import type { Ports } from '#core/ports/ports.ts';
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
    return (await findAccount(queries, accountId)) === undefined ? undefined : 'person';
  });
  if (found === undefined) {
    const message = `there is no account ${accountId}: ask the receiver for the id that his wallet shows`;
    throw new KontorError('not_found', `In the request, ${field}: ${message}.`, { details: [{ field, message }] });
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
      throw new KontorError(
        'conflict',
        'This request was refused before, for want of coins, and no coins were moved: make a new one, with a new Idempotency-Key.',
      );
    case 'conflict':
      throw new KontorError(
        'conflict',
        'This Idempotency-Key was used before, with another request: no coins were moved. Use a new key for each new request.',
        { details: [{ field: 'idempotency-key', message: 'used before, with another request' }] },
      );
    case 'insufficient': {
      const message = `more than the ${answer.available} coins that can be spent`;
      throw new KontorError('conflict', `The amount is ${message}: no coins were moved. Send less, or wait until you have more.`, {
        details: [{ field: 'amount', message }],
      });
    }
  }
}
