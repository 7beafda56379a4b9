/** Tells a page when results arrive: the feed of the account, by server-sent events. Bursts are told once. */
import { useEffect, useRef } from 'react';
import { browser, openEvents } from '#web/browser.ts';

const togetherMs = 250;

/** `orderId` undefined for all orders. The events say that there is news; the page asks for what it shows. */
export function useFeed(orderId: string | undefined, onNews: () => void): void {
  const listener = useRef(onNews);
  listener.current = onNews;
  useEffect(() => {
    let cancel: (() => void) | undefined;
    const close = openEvents(`/api/errands/feed/events${orderId === undefined ? '' : `?order=${orderId}`}`, 'result', () => {
      cancel ??= browser.after(togetherMs, () => {
        cancel = undefined;
        listener.current();
      });
    });
    return () => {
      cancel?.();
      close();
    };
  }, [orderId]);
}
