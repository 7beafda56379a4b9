/** The page's one live connection, and what the page does to it: pause while hidden, try at once when the network returns. */
import { useSyncExternalStore } from 'react';
import { browser, onNetworkReturn, onVisibilityChange } from '../browser.ts';
import { type Connection, LiveClient } from './live-client.ts';

/** A tab that is hidden this long is not coming back in a moment. */
const pauseAfterHiddenMs = 20_000;

export const live = new LiveClient(browser);

export function goLive(): void {
  live.connect();
  let callOffPause = () => {};
  onVisibilityChange((visible) => {
    callOffPause();
    if (visible) live.connect();
    else callOffPause = browser.after(pauseAfterHiddenMs, () => live.pause());
  });
  onNetworkReturn(() => live.connect());
}

export function useConnection(): Connection {
  return useSyncExternalStore(live.onConnection, live.connection);
}
