/**
 * What is known of the house, for all pages: asked again and again while the page is visible. What a house that does not answer
 * said last is kept and marked as lost, so that no page shows it as if it were still true.
 */
import { useEffect, useSyncExternalStore } from 'react';
import type { ContractsOf } from '#http/client.ts';
import type * as contracts from '#modules/overview/api/contracts.ts';
import type { Overview } from '#modules/overview/api/schemas.ts';
import { apiOf, RequestFailure } from '#web/api/api.ts';
import { browser } from '#web/browser.ts';
import { live } from '#web/live/live.ts';
import { clockAfter, type HouseClock } from './house-clock.ts';

/** A house that takes longer is not reachable. */
const answerWithinMs = 4_000;
const watchedEveryMs = 1_000;
const elsewhereEveryMs = 5_000;

const call = apiOf<ContractsOf<typeof contracts>>(answerWithinMs);

export interface News {
  /** Undefined before the first answer. */
  readonly overview: Overview | undefined;
  /** When it answered, by the clock of this device. */
  readonly knownAt: number;
  readonly clock: HouseClock | undefined;
  /** Whether the house does not answer now. */
  readonly lost: boolean;
  /** This house runs without the role that knows. */
  readonly without: boolean;
}

const unknown: News = { overview: undefined, knownAt: 0, clock: undefined, lost: false, without: false };
let news = unknown;
/** Pages that show the house now. */
let watching = 0;
let asking = false;
/** Somebody wants to know more than the question under way can tell. */
let again = false;
let callOff = () => {};
const listeners = new Set<() => void>();

function tell(next: News): void {
  news = next;
  for (const listener of listeners) listener();
}

/** Called once, when the app starts. */
export function followHouse(): void {
  let wasLive = false;
  void ask();
  live.onConnection(() => {
    const { state } = live.connection();
    if (state === 'reconnecting' && wasLive) lose();
    // It broke off, or it is back: whether the house answers is asked at once.
    if ((state === 'live') !== wasLive) void ask();
    wasLive = state === 'live';
  });
}

function lose(): void {
  tell({ ...news, lost: true });
}

async function ask(): Promise<void> {
  again = asking;
  if (asking) return;
  asking = true;
  callOff();
  try {
    if (document.visibilityState === 'visible') {
      const overview = await call('GET', '/api/overview');
      const knownAt = browser.now();
      tell({ overview, knownAt, clock: clockAfter(news.clock, overview.at, knownAt), lost: false, without: false });
      // The house is back: the live connection need not wait any longer.
      if (live.connection().state === 'reconnecting') live.connect();
    }
  } catch (error) {
    // A role whose plug was pulled is missing for a moment, too.
    if (error instanceof RequestFailure && error.status === 404 && news.overview === undefined) tell({ ...unknown, without: true });
    // Too many questions are no sign of a dead house.
    else if (!(error instanceof RequestFailure && error.status === 429)) lose();
  } finally {
    asking = false;
    callOff = browser.after(again ? 0 : watching > 0 || news.lost ? watchedEveryMs : elsewhereEveryMs, () => void ask());
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useNews(): News {
  return useSyncExternalStore(subscribe, () => news);
}

/** Asks every second while the component is shown. */
export function useWatchedHouse(): News {
  useEffect(() => {
    watching += 1;
    void ask();
    return () => {
      watching -= 1;
    };
  }, []);
  return useNews();
}

/** After something was changed: asks at once. */
export function askAgain(): void {
  void ask();
}
