/** Loads a value for a component. It retries a few times by itself, and again when the house is back; the user can retry, too. */
import { useCallback, useEffect, useState } from 'react';
import { browser } from '../browser.ts';
import { RequestFailure } from './api.ts';
import { withRetries } from './retries.ts';
import { useRecovery } from './use-recovery.ts';

export type Resource<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'failed'; readonly failure: RequestFailure; readonly retry: () => void };

/** `load` must be stable (useCallback): a new function loads again. The old value stays until the new one arrives. */
export function useResource<Value>(load: (signal: AbortSignal) => Promise<Value>): Resource<Value> {
  const [resource, setResource] = useState<Resource<Value>>({ state: 'loading' });
  const [round, setRound] = useState(0);
  const retry = useCallback(() => {
    setResource({ state: 'loading' });
    setRound((before) => before + 1);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `retry` changes `round`.
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

  useRecovery(resource.state === 'failed' ? resource.failure : undefined, () => setRound((before) => before + 1));
  return resource;
}

/** Like useResource, with a function that loads again, for use after changes. */
export function useReloading<Value>(load: (signal: AbortSignal) => Promise<Value>): readonly [Resource<Value>, () => void] {
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each `round` loads again.
  const loadAgain = useCallback((signal: AbortSignal) => load(signal), [load, round]);
  const resource = useResource(loadAgain);
  return [resource, useCallback(() => setRound((before) => before + 1), [])];
}
