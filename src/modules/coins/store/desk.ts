/** The desk: transfers that arrive together are posted together, so that many callers share a commit and its few statements. */
import { KontorError } from '#core/errors.ts';
import type { State } from '#core/ports/state.ts';
import { type Answer, maxTransfersPerCall, post, type Transfer } from '../post.ts';

export interface Desk {
  /** Resolves when the answer is durable. */
  post(transfer: Transfer): Promise<Answer>;
  /** Takes no more, and resolves when what waits is answered. */
  close(): Promise<void>;
}

type WritableState = Pick<State, 'write'>;

interface Waiting {
  readonly transfer: Transfer;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

const maxWaiting = 10_000;
const maxBatch = Math.min(500, maxTransfersPerCall);
/** While one batch is committed, the next is gathered and sent. */
const maxInFlight = 2;

export function openDesk(state: WritableState): Desk {
  const waiting: Waiting[] = [];
  const running = new Set<Promise<void>>();
  let closed = false;

  function runMore(): void {
    while (running.size < maxInFlight && waiting.length > 0) {
      const batch = waiting.splice(0, maxBatch);
      const run: Promise<void> = postBatch(state, batch).finally(() => {
        running.delete(run);
        runMore();
      });
      running.add(run);
    }
  }

  return {
    async post(transfer) {
      if (closed) throw new KontorError('unavailable', 'The house is closing: try again in a moment.');
      if (waiting.length >= maxWaiting)
        throw new KontorError('overloaded', `More than ${maxWaiting} transfers are waiting: try again later.`);
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      waiting.push({ transfer, resolve, reject });
      // Whoever comes in the same turn goes along.
      queueMicrotask(runMore);
      return promise;
    },
    async close() {
      closed = true;
      while (running.size > 0 || waiting.length > 0) {
        runMore();
        await Promise.race(running);
      }
    },
  };
}

async function postBatch(state: WritableState, batch: readonly Waiting[]): Promise<void> {
  try {
    const answers = await state.write((queries) =>
      post(
        queries,
        batch.map(({ transfer }) => transfer),
      ),
    );
    for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
  } catch (error) {
    const retryable = error instanceof KontorError && error.retryable;
    // One that cannot be posted must not keep the others from it.
    if (batch.length > 1 && !retryable) await Promise.all(batch.map((one) => postBatch(state, [one])));
    else for (const { reject } of batch) reject(error);
  }
}
