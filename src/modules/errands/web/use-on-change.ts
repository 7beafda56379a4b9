/** Does something when a value has changed. */
import { useEffect, useRef } from 'react';

/** `act` must be stable (useCallback or a function that a hook gives). */
export function useOnChange(value: unknown, act: () => void): void {
  const before = useRef(value);
  useEffect(() => {
    if (before.current !== value) act();
    before.current = value;
  }, [value, act]);
}
