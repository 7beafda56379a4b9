/** What a module does when a person closes the account. */
import type { KontorError } from './errors.ts';
import type { Queries } from './ports/state.ts';

export interface LeavingAccount {
  readonly id: string;
  readonly now: number;
}

/**
 * Called in the transaction that closes the account: removes what is personal, and keeps the books. Resolves to a refusal while something
 * is under way that its owner has to finish first; then nothing of the transaction is kept.
 */
export type Farewell = (queries: Queries, account: LeavingAccount) => Promise<KontorError | undefined>;
