/** Requests to the ledger: each has a name of its own, so that it is done once however often it is sent. */
import { invariant } from '#core/errors.ts';

export const transferKinds = ['transfer', 'grant', 'faucet', 'purchase', 'capture', 'refund'] as const;
export type TransferKind = (typeof transferKinds)[number];

export const requestKinds = [...transferKinds, 'hold'] as const;
type RequestKind = (typeof requestKinds)[number];

export const holdStates = ['open', 'captured', 'voided', 'expired'] as const;
export type HoldState = (typeof holdStates)[number];

/** A trillion: sums of thousands of the largest are still exact. */
export const maxAmount = 1_000_000_000_000;
export const maxMemoLength = 200;

/** Names a request for ever: each sender has a scope, and gives each of its requests a new key. */
export interface RequestName {
  /** The sender, such as `shop` or `transfer:ACCOUNT`; 1 to 100 printable ASCII characters. */
  readonly scope: string;
  /** New for each new request; 1 to 200 printable ASCII characters. */
  readonly key: string;
}

export interface Request extends RequestName {
  readonly kind: RequestKind;
  /** The account that pays. */
  readonly debit: string;
  /** The account that is paid. */
  readonly credit: string;
  readonly amount: number;
  readonly memo: string;
  /** The hold that a capture takes from, or the transfer that a refund takes back. */
  readonly of?: number | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** As it is stored, with its result. */
export interface StoredRequest extends RequestName {
  readonly id: number;
  readonly requested_at: number;
  readonly kind: RequestKind;
  /** The account that pays, or that coins are held in. */
  readonly debit: string;
  readonly credit: string;
  readonly amount: number;
  /** The hold that a capture takes from, or the transfer that a refund takes back. */
  readonly of_id: number | null;
  readonly memo: string;
  /** 1 where there were too few coins: nothing moved, and nothing will. */
  readonly refused: 0 | 1;
  /**
   * Of a transfer: the number of this entry in the account's statement, the balance after it, and the transfer before it; null for
   * a rollup. Statements follow these pointers: an index by account would cost a page written for every entry.
   */
  readonly debit_entry: number | null;
  readonly debit_balance: number | null;
  readonly debit_previous: number | null;
  readonly credit_entry: number | null;
  readonly credit_balance: number | null;
  readonly credit_previous: number | null;
}

const scopePattern = /^[ -~]{1,100}$/;
const keyPattern = /^[ -~]{1,200}$/;

export function checkRequest({ scope, key, debit, credit, amount }: Request): void {
  invariant(scopePattern.test(scope), `a request's scope has 1 to 100 printable ASCII characters: "${scope}"`);
  invariant(keyPattern.test(key), `a request's key has 1 to 200 printable ASCII characters: "${key}"`);
  invariant(Number.isSafeInteger(amount) && amount > 0 && amount <= maxAmount, `${amount} coins cannot be moved: 1 to ${maxAmount} can`);
  invariant(debit !== credit, `coins cannot be moved from ${debit} to itself`);
}

/** As a key of a map. */
export function nameOf({ scope, key }: RequestName): string {
  return `${scope}\n${key}`;
}

/** Whether a request asks for what is stored under its name. The time is not compared: a repetition comes later. */
export function asksForSame(request: Request, stored: StoredRequest): boolean {
  return (
    request.kind === stored.kind &&
    request.debit === stored.debit &&
    request.credit === stored.credit &&
    request.amount === stored.amount &&
    request.memo === stored.memo &&
    (request.of ?? null) === stored.of_id
  );
}

/** Cut to what fits, and without characters that a store would not return unchanged: memos are compared with stored ones. */
export function plainMemo(memo = ''): string {
  return memo.slice(0, maxMemoLength).toWellFormed().replaceAll('\0', '');
}
