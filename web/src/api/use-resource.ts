/** Loads something for a component, tries again a few times by itself, and lets people try again after that. */
import { useCallback, useEffect, useState } from 'react';
import { browser } from '../browser.ts';
import { backoffMs } from '../live/backoff.ts';
import { RequestFailure } from './api.ts';

export type Resource<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'failed'; readonly failure: RequestFailure; readonly retry: () => void };

const retries = 3;
const retryBackoff = { firstMs: 500, limitMs: 8_000 };

/** `load` must be stable (useCallback): a new one loads anew. While reloading, the old value stays. */
export function useResource<Value>(load: (signal: AbortSignal) => Promise<Value>): Resource<Value> {
  const [resource, setResource] = useState<Resource<Value>>({ state: 'loading' });
  const [round, setRound] = useState(0);
  const retry = useCallback(() => {
    setResource({ state: 'loading' });
    setRound((before) => before + 1);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is what "try again" changes.
  useEffect(() => {
    const leaving = new AbortController();
    let callOffRetry = () => {};
    const attempt = (count: number): void => {
      load(leaving.signal).then(
        (value) => {
          if (!leaving.signal.aborted) setResource({ state: 'ready', value });
        },
        (error: unknown) => {
          if (leaving.signal.aborted) return;
          const failure = error instanceof RequestFailure ? error : new RequestFailure(0, String(error), error);
          if (failure.retryable && count < retries) {
            callOffRetry = browser.after(backoffMs(retryBackoff, count, browser.random()), () => attempt(count + 1));
          } else setResource({ state: 'failed', failure, retry });
        },
      );
    };
    attempt(0);
    return () => {
      leaving.abort();
      callOffRetry();
    };
  }, [load, retry, round]);

  return resource;
}
