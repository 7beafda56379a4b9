/** Loads a list page by page: the first page at once, the others on request. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { browser } from '../browser.ts';
import { RequestFailure } from './api.ts';
import { withRetries } from './retries.ts';
import { useRecovery } from './use-recovery.ts';
import type { Resource } from './use-resource.ts';

export interface ListPage<Item, Place> {
  readonly items: readonly Item[];
  /** Where the next page begins; null on the last page. */
  readonly next: Place | null;
}

export interface Pages<Item> {
  /** All items loaded so far. */
  readonly list: Resource<readonly Item[]>;
  /** Loads the next page; undefined on the last page, and while loading. */
  readonly more: (() => void) | undefined;
  readonly loadingMore: boolean;
  /** Loads the first page again. The old list stays until it arrives. */
  readonly reload: () => void;
}

/** `load` must be stable (useCallback): a new function starts a new list. */
export function usePages<Item, Place>(load: (from: Place | undefined, signal: AbortSignal) => Promise<ListPage<Item, Place>>): Pages<Item> {
  const [list, setList] = useState<Resource<readonly Item[]>>({ state: 'loading' });
  const [next, setNext] = useState<Place | null>(null);
  const [loadingMore, setLoadingMore] = useState(false);
  const current = useRef(new AbortController());

  const begin = useCallback(() => {
    current.current.abort();
    const asking = new AbortController();
    current.current = asking;
    setLoadingMore(false);
    withRetries((signal) => load(undefined, signal), asking.signal, browser).then(
      (page) => {
        if (asking.signal.aborted) return;
        setList({ state: 'ready', value: page.items });
        setNext(page.next);
      },
      (failure: unknown) => {
        if (!asking.signal.aborted && failure instanceof RequestFailure) setList({ state: 'failed', failure, retry: begin });
      },
    );
  }, [load]);

  useEffect(() => {
    begin();
    return () => current.current.abort();
  }, [begin]);

  useRecovery(list.state === 'failed' ? list.failure : undefined, begin);

  const loadMore = (from: Place) => {
    const { signal } = current.current;
    setLoadingMore(true);
    withRetries((stop) => load(from, stop), signal, browser)
      .then((page) => {
        if (signal.aborted) return;
        setList((before) => ({ state: 'ready', value: [...(before.state === 'ready' ? before.value : []), ...page.items] }));
        setNext(page.next);
      })
      // The button stays, so the user can try again.
      .catch(() => {})
      .finally(() => {
        if (!signal.aborted) setLoadingMore(false);
      });
  };
  return { list, more: next === null || loadingMore ? undefined : () => loadMore(next), loadingMore, reload: begin };
}
