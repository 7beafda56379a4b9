/** The live connection of the page. It pauses while the tab is hidden, and reconnects at once when the network returns. */
import { useSyncExternalStore } from 'react';
import { browser, onNetworkReturn, onVisibilityChange } from '../browser.ts';
import { type Connection, LiveClient } from './live-client.ts';

/** A tab that is hidden for a shorter time keeps its connection. */
const pauseAfterHiddenMs = 20_000;

export const live = new LiveClient(browser);

export function goLive(): void {
  live.connect();
  let cancelPause = () => {};
  onVisibilityChange((visible) => {
    cancelPause();
    if (visible) live.connect();
    else cancelPause = browser.after(pauseAfterHiddenMs, () => live.pause());
  });
  onNetworkReturn(() => live.connect());
}

export function useConnection(): Connection {
  return useSyncExternalStore(live.onConnection, live.connection);
}
