/** The live connection of the page. It pauses while the tab is hidden, and reconnects at once when the network returns. */
import { useSyncExternalStore } from 'react';
import { browser, onNetworkReturn, onVisibilityChange } from '../browser.ts';
import { type Connection, LiveClient } from './live-client.ts';

/** A tab that is hidden for a shorter time keeps its connection. */
const pauseAfterHiddenMs = 20_000;

export const live = new LiveClient(browser);

let wasLost = false;

export function goLive(): void {
  live.onConnection(() => {
    if (live.connection().state === 'reconnecting') wasLost = true;
  });
  live.connect();
  let cancelPause = () => {};
  onVisibilityChange((visible) => {
    cancelPause();
    if (visible) live.connect();
    else cancelPause = browser.after(pauseAfterHiddenMs, () => live.pause());
  });
  onNetworkReturn(() => live.connect());
}

/** Whether the house was away, also a moment, since this page was loaded. */
export function houseWasLost(): boolean {
  return wasLost;
}

/** Calls `listener` when the connection is there again after it was not. The returned function ends that. */
export function onHouseBack(listener: () => void): () => void {
  let before = live.connection().state;
  return live.onConnection(() => {
    const { state } = live.connection();
    const isBack = state === 'live' && before !== 'live';
    before = state;
    if (isBack) listener();
  });
}

export function useConnection(): Connection {
  return useSyncExternalStore(live.onConnection, live.connection);
}
