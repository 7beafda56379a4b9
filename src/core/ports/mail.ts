/**
 * Mail: letters to people.
 *
 * Promises:
 * - `post` writes the letter down in the caller's transaction: it is sent if, and only if, that commits;
 * - a letter that was sent is sent again only when the process died before it could write that down;
 * - what waits or is kept is bounded in number and age; the oldest go first;
 * - posting takes as long for every address, so that time does not tell who has an account.
 */
import type { Queries } from './state.ts';

export interface Letter {
  readonly to: string;
  readonly subject: string;
  /** Plain text, lines separated by line feeds. */
  readonly text: string;
}

export interface KeptLetter extends Letter {
  readonly id: string;
  readonly postedAt: number;
}

export interface Mail {
  post(queries: Queries, letter: Letter): Promise<void>;
  /** Letters that stayed in the house, newest first; left out by engines that send them away. */
  kept?(queries: Queries, limit: number): Promise<readonly KeptLetter[]>;
  /** Sends a bounded number of those that are due; resolves how many went. Left out by engines that keep them. */
  sendWaiting?(): Promise<number>;
}
