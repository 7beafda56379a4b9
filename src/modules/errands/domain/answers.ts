/** What miners answer, made ready to be stored: extraction and hashes are done before the transaction. */
import type { Lease } from './leases.ts';

/** Who claims and answers: an account and its network, or the house, with the account `house`. */
export interface Miner {
  readonly accountId: string;
  readonly network: string | null;
}

/** A page and what was found in it. */
export interface Page {
  readonly status: number;
  readonly finalAddress: string | null;
  readonly contentType: string | null;
  /** Before compression. */
  readonly bytes: number;
  readonly sha256: string | null;
  /** JSON: milliseconds by phase. */
  readonly timings: string | null;
  readonly value: string | null;
  /** The value, where it is a number, in millionths. */
  readonly micros: number | null;
  /** Hash of what is compared with other answers and with the result before. */
  readonly contentKey: string;
  /** Compressed, where it is small; otherwise `bodyPath` says where it is in the lake. */
  readonly body: Uint8Array | null;
  readonly bodyPath: string | null;
}

export interface PreparedAnswer {
  readonly lease: Lease;
  readonly miner: Miner;
  /** The page, or why there is none, in a word that pages translate. */
  readonly got: Page | { readonly failure: string; readonly retryAfterMs: number | null };
}

export type AnswerOutcome =
  /** Also when it was accepted before: nothing is stored twice. */
  | { readonly outcome: 'accepted' }
  /** A failed attempt is written down: the run goes to somebody else. */
  | { readonly outcome: 'noted' }
  /**
   * `late`: its lease ended; `foreign`: it is somebody else's;
   * `same-miner`: another copy of the run has an answer from there; `shut-out`: the miner is not believed any more.
   */
  | { readonly outcome: 'refused'; readonly reason: 'late' | 'foreign' | 'same-miner' | 'shut-out' };
