/** The time, told again and again; undefined stops it. */
import { useEffect, useState } from 'react';
import { browser } from '#web/browser.ts';

export function useClock(everyMs: number | undefined): number {
  const [now, setNow] = useState(browser.now);
  useEffect(() => {
    if (everyMs === undefined) return;
    let callOff = () => {};
    const tick = () => {
      setNow(browser.now());
      callOff = browser.after(everyMs, tick);
    };
    tick();
    return () => callOff();
  }, [everyMs]);
  return now;
}
