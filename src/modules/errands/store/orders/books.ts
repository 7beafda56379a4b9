/** The coins of orders: they come from the customer's wallet, and what is not used goes back. */
import { type RawBuilder, sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { lockAccounts, post, type Transfer, walletOf } from '#modules/coins/post.ts';
import { escrowAccount, ledgerScope } from '../../domain/settings.ts';

export interface CoinMovement {
  readonly orderId: string;
  readonly accountId: string;
  readonly direction: 'in' | 'back';
  /** More than 0. */
  readonly amount: number;
  /** The order's number of movements, this one included. */
  readonly number: number;
}

/** Coins that can be spent, by account. The wallets are locked until the transaction ends. */
export async function lockWallets(queries: Queries, accountIds: readonly string[]): Promise<Map<string, number>> {
  const unique = [...new Set(accountIds)];
  if (unique.length === 0) return new Map();
  const locked = await lockAccounts(queries, unique.map(walletOf));
  return new Map(
    unique.map((accountId) => {
      const wallet = locked.get(walletOf(accountId));
      return [accountId, wallet === undefined ? 0 : wallet.posted - wallet.held - wallet.floor];
    }),
  );
}

/** The wallets are locked, and have the coins. */
export async function moveCoins(queries: Queries, movements: readonly CoinMovement[], now: number): Promise<void> {
  const transfers = movements.map((movement) => transferOf(movement, now));
  const answers = await post(queries, transfers);
  for (const [index, { outcome }] of answers.entries())
    invariant(outcome === 'posted', `the coins ${transfers[index]?.key} can be moved: ${outcome}`);
}

function transferOf({ orderId, accountId, direction, amount, number }: CoinMovement, at: number): Transfer {
  const wallet = walletOf(accountId);
  return direction === 'in'
    ? {
        scope: ledgerScope,
        key: fundKey(orderId, number),
        kind: 'purchase',
        debit: wallet,
        credit: escrowAccount,
        amount,
        at,
        memo: `Errand ${orderId}`,
      }
    : {
        scope: ledgerScope,
        key: returnKey(orderId, number),
        kind: 'transfer',
        debit: escrowAccount,
        credit: wallet,
        amount,
        at,
        memo: `Errand ${orderId}, not used`,
      };
}

const fundPart = '/fund/';
const returnPart = '/return/';

function fundKey(orderId: string, number: number): string {
  return `${orderId}${fundPart}${number}`;
}

function returnKey(orderId: string, number: number): string {
  return `${orderId}${returnPart}${number}`;
}

/** The same keys as parts of a statement. */
export function fundKeyOf(orderId: RawBuilder<string>, number: RawBuilder<number>): RawBuilder<string> {
  return sql<string>`${orderId} || ${sql.lit(fundPart)} || ${number}`;
}

export function returnKeyOf(orderId: RawBuilder<string>, number: RawBuilder<number>): RawBuilder<string> {
  return sql<string>`${orderId} || ${sql.lit(returnPart)} || ${number}`;
}
