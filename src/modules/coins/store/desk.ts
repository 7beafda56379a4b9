/** The desk: transfers that arrive together are posted together, so that many callers share a commit and its few statements. */
import { type Batcher, openBatcher } from '#core/batcher.ts';
import type { State } from '#core/ports/state.ts';
import type { Answer } from '../domain/posting.ts';
import { maxTransfersPerCall, type Transfer } from './transfers.ts';
import { postToOpen } from './wallets.ts';

/** An answer is durable when it arrives. */
export type Desk = Batcher<Transfer, Answer>;

export function openDesk(state: Pick<State, 'write'>): Desk {
  return openBatcher({
    what: 'transfers',
    maxWaiting: 10_000,
    maxBatch: Math.min(500, maxTransfersPerCall),
    maxInFlight: 2,
    work: (transfers) => state.write((queries) => postToOpen(queries, transfers)),
  });
}
