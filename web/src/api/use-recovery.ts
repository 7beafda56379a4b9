/** Loads again by itself what failed while the house was away: as soon as the connection is back, and now and then until then. */
import { useEffect, useRef } from 'react';
import { browser } from '../browser.ts';
import { onHouseBack } from '../live/live.ts';
import type { RequestFailure } from './api.ts';

/** A part of the house can be away while the live connection is there. */
const tryAgainMs = 15_000;

/** `failure` is undefined unless the last attempt failed. */
export function useRecovery(failure: RequestFailure | undefined, loadAgain: () => void): void {
  const latest = useRef(loadAgain);
  latest.current = loadAgain;
  useEffect(() => {
    if (failure === undefined || !failure.retryable) return;
    const again = () => latest.current();
    const forgetBack = onHouseBack(again);
    const callOff = browser.after(tryAgainMs, again);
    return () => {
      forgetBack();
      callOff();
    };
  }, [failure]);
}
