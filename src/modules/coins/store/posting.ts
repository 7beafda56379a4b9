/** One call to the ledger: it locks and reads first, decides in memory (domain/posting.ts), and writes in a few statements. */
import type { Queries } from '#core/ports/state.ts';
import { MovingAccounts, Posting } from '../domain/posting.ts';
import { checkRequest, type Request } from '../domain/requests.ts';
import { lockAccounts, saveAccounts } from './accounts.ts';
import { findRequests, insertRequests, newRequestIds } from './requests.ts';

export async function openPosting(queries: Queries, requests: readonly Request[]): Promise<Posting> {
  for (const request of requests) checkRequest(request);
  const ids = requests.flatMap(({ debit, credit }) => [debit, credit]);
  // Sent together, answered in this order: a call that held the locks before us has stored its requests by then.
  const [accounts, known, newIds] = await Promise.all([
    lockAccounts(queries, ids),
    findRequests(queries, requests),
    newRequestIds(queries, requests.length),
  ]);
  return new Posting(new MovingAccounts([...accounts.values()]), known, newIds);
}

export async function writePosting(queries: Queries, { rows, accounts }: Posting): Promise<void> {
  if (rows.length === 0) return;
  await Promise.all([insertRequests(queries, rows), saveAccounts(queries, accounts.changed)]);
}
