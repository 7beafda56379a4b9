/** A law: a statement about stored data that holds at every committed moment, and a check that finds violations. */
import type { Ports } from '../ports/ports.ts';

/** What a check may read. */
export type Books = Pick<Ports, 'state' | 'stream' | 'clock' | 'random'>;

/** `all` reads every row; `recent` is bounded, for the auditor that runs every few seconds beside live traffic. */
export type Scope = 'all' | 'recent';

/** `Own` are the ports of the law's module. */
export interface Law<Own extends object = object> {
  readonly id: string;
  readonly says: string;
  /** The constraint, transaction or type that enforces it. */
  readonly enforcedBy: string;
  check(books: Books & Own, scope: Scope): Promise<Finding>;
}

export interface Finding {
  /** What was checked, with counts: `12 companies, 48,000 batches`. */
  readonly checked: string;
  /** One sentence each, naming the rows; empty when the law holds. At most `maxViolations`. */
  readonly violations: readonly string[];
}

export const maxViolations = 20;
