/** A value that is computed again at intervals, and at once when its dependencies change. */
import { useEffect, useRef, useState } from 'react';
import { browser } from '#web/browser.ts';

/** While `held` says so, because the pointer is on it, the value stays as it is. */
export function useNowAndThen<Value>(everyMs: number, dependsOn: unknown, workOut: () => Value, held?: () => boolean): Value {
  const [, setRound] = useState(0);
  const kept = useRef<{ readonly dependsOn: unknown; readonly value: Value } | undefined>(undefined);
  if (kept.current === undefined || kept.current.dependsOn !== dependsOn) kept.current = { dependsOn, value: workOut() };

  const latest = useRef({ workOut, held });
  latest.current = { workOut, held };
  useEffect(() => {
    let callOff = () => {};
    const again = () => {
      if (!latest.current.held?.()) {
        kept.current = { dependsOn, value: latest.current.workOut() };
        setRound((round) => round + 1);
      }
      callOff = browser.after(everyMs, again);
    };
    callOff = browser.after(everyMs, again);
    return () => callOff();
  }, [everyMs, dependsOn]);

  return kept.current.value;
}
