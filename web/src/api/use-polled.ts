/** A value that is asked for again every few seconds while the page is visible. A failure after the first answer waits for the next one. */
import { useEffect, useState } from 'react';
import { browser } from '../browser.ts';
import { type Resource, useReloading } from './use-resource.ts';

/** `load` must be stable (useCallback or a function of its file). */
export function usePolled<Value>(load: (signal: AbortSignal) => Promise<Value>, everyMs: number): Resource<Value> {
  return usePolledAndReloading(load, everyMs)[0];
}

/** The same with a function that asks at once, for use after changes. */
export function usePolledAndReloading<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  everyMs: number,
): readonly [Resource<Value>, () => void] {
  const [resource, reload] = useReloading(load);
  const [last, setLast] = useState<Value>();
  const value = resource.state === 'ready' ? resource.value : undefined;
  if (value !== undefined && value !== last) setLast(value);

  useEffect(() => {
    let callOff = () => {};
    const again = () => {
      if (document.visibilityState === 'visible') reload();
      callOff = browser.after(everyMs, again);
    };
    callOff = browser.after(everyMs, again);
    return () => callOff();
  }, [everyMs, reload]);

  return [last === undefined ? resource : { state: 'ready', value: last }, reload];
}
