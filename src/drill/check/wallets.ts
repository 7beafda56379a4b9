/**
 * A checker for wallets as registers: an account begins with known coins, and only the operations of the log move them. Its last
 * balance is exactly what follows from those that took place; and each balance that was read on the way was possible at that time.
 */
import { readableNumber } from '#core/readable-number.ts';
import type { Operation } from '../journal.ts';
import { type Check, checkOf } from './check.ts';

export interface WalletHistory {
  /** Whose it is, such as `buyer`. */
  readonly name: string;
  readonly wallet: string;
  readonly opening: number;
  /** In the order in which they were begun; those of others that move coins of this wallet, too. */
  readonly operations: readonly Operation[];
  /** Keys of operations that the books hold: of those without an answer, these took place. */
  readonly took: ReadonlySet<string>;
  readonly reads: readonly WalletRead[];
  readonly closing: number;
  /** What the statement says, oldest first. */
  readonly statement: readonly StatementEntry[];
}

/** A balance that was read while no operation of the wallet was under way. */
export interface WalletRead {
  /** So many operations of the history were over. */
  readonly after: number;
  readonly coins: number;
}

export interface StatementEntry {
  readonly amount: number;
  readonly balance: number;
}

export function checkWallet(history: WalletHistory): Check {
  const { name, wallet, opening, closing, operations, took, reads } = history;
  const sum = operations
    .filter(({ outcome, key }) => outcome === 'acknowledged' || took.has(key))
    .reduce((total, one) => total + coinsOf(one, wallet), 0);
  const expected = opening + sum;
  const violations = [
    ...(closing === expected ? [] : [`the wallet of the ${name} has ${closing} coins, and should have ${expected}`]),
    ...wrongReads(history),
    ...wrongStatement(history),
  ];
  return checkOf({
    id: `wallet of the ${name}`,
    says: `its ${readableNumber(closing)} coins are exactly what its operations make of ${readableNumber(opening)}, and every balance on the way was possible`,
    checked: operations.length + reads.length,
    lost: 0,
    doubled: 0,
    violations,
  });
}

/** Operations without an answer may have happened by then, or not yet. */
function wrongReads({ name, wallet, opening, operations, reads }: WalletHistory): readonly string[] {
  const [low, high] = [[opening], [opening]];
  for (const [index, operation] of operations.entries()) {
    const coins = coinsOf(operation, wallet);
    const isSure = operation.outcome === 'acknowledged';
    const mayBe = operation.outcome === 'unknown';
    low.push((low[index] ?? 0) + (isSure || (mayBe && coins < 0) ? coins : 0));
    high.push((high[index] ?? 0) + (isSure || (mayBe && coins > 0) ? coins : 0));
  }
  return reads.flatMap(({ after, coins }) => {
    const [least = 0, most = 0] = [low[after], high[after]];
    if (coins >= least && coins <= most) return [];
    return [`after ${after} operations the wallet of the ${name} showed ${coins} coins, but only ${least} to ${most} were possible`];
  });
}

function wrongStatement({ name, closing, statement }: WalletHistory): readonly string[] {
  let balance = 0;
  for (const [index, entry] of statement.entries()) {
    balance += entry.amount;
    if (entry.balance !== balance)
      return [`entry ${index + 1} of the wallet of the ${name} says ${entry.balance} coins, and its entries sum to ${balance}`];
  }
  return balance === closing
    ? []
    : [`the statement of the wallet of the ${name} ends with ${balance} coins, and the wallet has ${closing}`];
}

function coinsOf({ moves }: Operation, wallet: string): number {
  return moves.reduce((sum, move) => sum + (move.wallet === wallet ? move.coins : 0), 0);
}
