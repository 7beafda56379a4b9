/** The time of the house, again every so often, for countdowns. */
import { useEffect, useState } from 'react';
import { browser } from '#web/browser.ts';
import { houseNow } from './sources.ts';

export function useNow(everyMs: number): number {
  const [now, setNow] = useState(houseNow);
  useEffect(() => {
    let callOff = () => {};
    const again = () => {
      setNow(houseNow());
      callOff = browser.after(everyMs, again);
    };
    callOff = browser.after(everyMs, again);
    return () => callOff();
  }, [everyMs]);
  return now;
}
