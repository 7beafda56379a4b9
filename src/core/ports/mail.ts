/**
 * Mail: letters to people.
 *
 * Promises:
 * - `post` stores the letter in the caller's transaction: it is sent if and only if that commits;
 * - a letter is sent twice only when the process died before it recorded the first sending;
 * - letters that wait or are kept are bounded in number and age; the oldest are removed first;
 * - posting takes the same time for every address, so that timing does not reveal who has an account.
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
  /** The letters kept in the house, newest first; omitted by engines that send letters. */
  kept?(queries: Queries, limit: number): Promise<readonly KeptLetter[]>;
  /** Sends a bounded number of due letters and returns how many were sent. Omitted by engines that keep letters. */
  sendWaiting?(): Promise<number>;
}
