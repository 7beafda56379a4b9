/** The watch list of the account that is logged in, for all rows of a page. */
import { useEffect, useSyncExternalStore } from 'react';
import { untilAnswered } from '#web/api/retries.ts';
import { browser, onNextFrame } from '#web/browser.ts';
import { useToasts } from '#web/design/toasts.tsx';
import { onHouseBack } from '#web/live/live.ts';
import { ValueStore } from '#web/live/value-store.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { navigate } from '#web/routing/navigation.tsx';
import { withNext } from '#web/routing/next.ts';
import { useSession } from '#web/session/session.ts';
import { loadWatched, saveWatched } from './sources.ts';

const none: ReadonlySet<string> = new Set();
const watched = new ValueStore<ReadonlySet<string>>(onNextFrame);
/** Whose list is loaded, or on its way. */
let owner: string | undefined;
let loading = new AbortController();

function load(account: string | undefined): void {
  if (account === owner) return;
  owner = account;
  loading.abort();
  watched.set(none);
  if (account === undefined) return;
  loading = new AbortController();
  const { signal } = loading;
  untilAnswered(loadWatched, signal, browser, onHouseBack).then(
    (codes) => {
      if (!signal.aborted) watched.set(new Set(codes));
    },
    // Refused, such as after a logout elsewhere: it is asked for again with the next page.
    () => {
      if (!signal.aborted) owner = undefined;
    },
  );
}

export interface WatchList {
  readonly codes: ReadonlySet<string>;
  /** Strangers are asked to log in, and come back. */
  toggle(code: string): Promise<void>;
}

/** Undefined where nobody can have an account, and while that is not known. */
export function useWatchList(): WatchList | undefined {
  const session = useSession();
  const account = session.state === 'member' ? session.member.id : undefined;
  useEffect(() => load(account), [account]);
  const codes = useSyncExternalStore(watched.subscribe, watched.get) ?? none;
  const tell = useToasts();
  const failureText = useFailureText();
  if (session.state === 'unknown' || session.state === 'closed') return undefined;
  return {
    codes,
    async toggle(code) {
      if (account === undefined) return navigate(withNext('/login', window.location.pathname + window.location.search));
      try {
        const changed = await saveWatched(code, !codes.has(code));
        if (owner !== account) return;
        // It is the whole list: one that is on its way may be older.
        loading.abort();
        watched.set(new Set(changed));
      } catch (failure) {
        tell('bad', failureText(failure));
      }
    },
  };
}
