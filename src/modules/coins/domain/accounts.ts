/** What an account of the ledger is. */

/**
 * `strict`: locked while coins move, and never below its floor. `rollup`: an account of the house that everybody pays to at
 * once. None of its rows is touched when coins move; its balance is `posted` plus the tail.
 */
export type AccountMode = (typeof accountModes)[number];
export const accountModes = ['strict', 'rollup'] as const;

/** The ledger's own accounts: rollups. Modules have further ones (`accounts` in their module.ts). */
export const houseAccounts = {
  fees: 'house:fees',
  /** Where coins come from: its balance is below zero by the coins in circulation. */
  mint: 'house:mint',
  escrow: 'house:escrow',
} as const;

/** The ledger's account of a person. */
export function walletOf(accountId: string): string {
  return `wallet:${accountId}`;
}

/** Whose wallet it is; undefined for an account of the house. */
export function ownerOf(wallet: string): string | undefined {
  return wallet.startsWith('wallet:') ? wallet.slice('wallet:'.length) : undefined;
}

export interface Balance {
  /** Coins in the account. */
  readonly posted: number;
  /** Coins of these that are held for payees until captured, voided or expired. */
  readonly held: number;
  /** What can be spent: posted − held − floor. */
  readonly available: number;
}

export const emptyBalance: Balance = { posted: 0, held: 0, available: 0 };

/** As it is stored. */
export interface LockedAccount {
  readonly id: string;
  readonly mode: AccountMode;
  readonly posted: number;
  readonly held: number;
  readonly floor: number;
  readonly entries: number;
  readonly last_transfer: number | null;
}
