/** Retries requests with growing waits while a retry may succeed: a few times, or until there is an answer. */
import type { Surroundings } from '../browser.ts';
import { backoffMs } from '../live/backoff.ts';
import { RequestFailure } from './api.ts';

export const retries = 3;
const retryBackoff = { firstMs: 500, limitMs: 8_000 };

/** Calls `listener` when waiting makes no more sense. The returned function ends that. */
type Wake = (listener: () => void) => () => void;

/** Rejects with the last RequestFailure, or with the signal's reason if that aborts. */
export async function withRetries<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  signal: AbortSignal,
  world: Pick<Surroundings, 'after' | 'random'>,
): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await load(signal);
    } catch (error) {
      signal.throwIfAborted();
      const failure = error instanceof RequestFailure ? error : new RequestFailure(0, String(error), error);
      if (!failure.retryable || attempt >= retries) throw failure;
      await pause(backoffMs(retryBackoff, attempt, world.random()), signal, world);
    }
  }
}

/** For as long as the page is open: the waits end at the limit, and at once when `wake` says so. */
export async function untilAnswered<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  signal: AbortSignal,
  world: Pick<Surroundings, 'after' | 'random'>,
  wake: Wake,
): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await load(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RequestFailure && !error.retryable) throw error;
      await pause(backoffMs(retryBackoff, attempt, world.random()), signal, world, wake);
    }
  }
}

/** Ends early when the signal aborts, or when `wake` says so. */
export async function pause(delayMs: number, signal: AbortSignal, world: Pick<Surroundings, 'after'>, wake?: Wake): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = world.after(delayMs, resolve);
  const sleepOn = wake?.(resolve);
  signal.addEventListener('abort', () => resolve());
  if (signal.aborted) resolve();
  await promise;
  cancel();
  sleepOn?.();
}
