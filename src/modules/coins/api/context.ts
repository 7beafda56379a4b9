/** What the handlers share: the ports, and answers of the ledger turned into answers of the API. */
import { houseRefusals } from '#core/house-refusals.ts';
import type { Ports } from '#core/ports/ports.ts';
import { refuse } from '#core/refuse.ts';
import { walletOf } from '../domain/accounts.ts';
import type { Answer } from '../domain/posting.ts';
import type { RequestName } from '../domain/requests.ts';
import { coinsRefusals } from '../refusals.ts';
import type { Desk } from '../store/desk.ts';
import { isRequested } from '../store/requests.ts';
import { readStatement } from '../store/statements.ts';
import type { Transfer } from '../store/transfers.ts';
import { openWalletOf, postOne, walletBalance } from '../store/wallets.ts';

export interface CoinsContext {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'log'>;
  readonly desk: Desk;
  /** Coins that the faucet gives an account in a day, in a demonstration; 0 for none. */
  readonly faucetCoins: number;
}

/** Opens the wallet if there is none yet; `field` names the account in the request. */
export async function walletFor({ ports }: CoinsContext, accountId: string, field: string): Promise<string> {
  const wallet = await openWalletOf(ports.state, accountId);
  if (wallet === undefined) throw refuse(coinsRefusals, 'no-receiver', { account: accountId }, field);
  return wallet;
}

/** Throws what the ledger refuses. `accountId` names the wallet whose balance is answered. */
export async function moveOnce({ ports: { state }, desk }: CoinsContext, transfer: Transfer, accountId: string) {
  const repeated = wasRepeated(await postOne(state, desk, transfer));
  const { available } = await walletBalance(state, accountId);
  return { repeated, amount: transfer.amount, available };
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

export async function statementPage({ ports }: CoinsContext, accountId: string, page: { limit: number; after?: string | undefined }) {
  const { items, next } = await ports.state.read((queries) => readStatement(queries, { account: walletOf(accountId), ...page }));
  return { entries: items, next };
}

/** `faucetCoins` is what the faucet gives to the reader of this view; 0 for nothing. */
export async function walletView({ ports: { state, clock } }: CoinsContext, accountId: string, faucetCoins: number) {
  const { posted, held, available } = await walletBalance(state, accountId);
  const day = dayOf(clock.now());
  const used = faucetCoins > 0 && (await state.read((queries) => isRequested(queries, faucetRequest(accountId, day))));
  const faucetAt = used ? (day + 1) * dayMs : null;
  return { account: accountId, coins: posted, held, available, faucet: faucetCoins > 0, faucetCoins, faucetAt };
}

const dayMs = 86_400_000;

export function dayOf(at: number): number {
  return Math.floor(at / dayMs);
}

/** The day is the key: a second request of a day is the same request. */
export function faucetRequest(accountId: string, day: number): RequestName {
  return { scope: `faucet:${accountId}`, key: `day ${day}` };
}
