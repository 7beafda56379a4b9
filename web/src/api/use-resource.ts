/** Loads something for a component, tries again a few times by itself, and lets people try again after that. */
import { useCallback, useEffect, useState } from 'react';
import { browser } from '../browser.ts';
import { RequestFailure } from './api.ts';
import { withRetries } from './retries.ts';

export type Resource<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'failed'; readonly failure: RequestFailure; readonly retry: () => void };

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
    withRetries(load, leaving.signal, browser).then(
      (value) => {
        if (!leaving.signal.aborted) setResource({ state: 'ready', value });
      },
      (failure: unknown) => {
        if (failure instanceof RequestFailure && !leaving.signal.aborted) setResource({ state: 'failed', failure, retry });
      },
    );
    return () => leaving.abort();
  }, [load, retry, round]);

  return resource;
}

/** The same, with a way to ask anew after something was changed; the old value stays meanwhile. */
export function useReloading<Value>(load: (signal: AbortSignal) => Promise<Value>): readonly [Resource<Value>, () => void] {
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is a new question.
  const loadAgain = useCallback((signal: AbortSignal) => load(signal), [load, round]);
  const resource = useResource(loadAgain);
  return [resource, useCallback(() => setRound((before) => before + 1), [])];
}
