/** Retries requests a few times, with growing waits, while a retry may succeed. */
import type { Surroundings } from '../browser.ts';
import { backoffMs } from '../live/backoff.ts';
import { RequestFailure } from './api.ts';

export const retries = 3;
const retryBackoff = { firstMs: 500, limitMs: 8_000 };

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

function pause(delayMs: number, signal: AbortSignal, world: Pick<Surroundings, 'after'>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = world.after(delayMs, resolve);
    signal.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });
}
