/** The ledger's face for other modules: coins move between accounts inside the caller's transaction, each request once. */
export { houseAccounts, type LockedAccount, walletOf } from './domain/accounts.ts';
export { balanceOf, lockAccounts, openAccount, openAccounts } from './store/accounts.ts';
export { captureHold, type NewHold, placeHold, voidHold } from './store/holds.ts';
export { amountMovedFor, post, refund, type Transfer } from './store/transfers.ts';
