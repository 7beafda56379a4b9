/**
 * Requests that cost coins. After a lost answer the page does not know whether the request was done: it says so, and asks the house what
 * the request's key made until it knows, also after a reload.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { browser, forgetChoice, newRequestKey, readChoice, writeChoice } from '../browser.ts';
import { onHouseBack } from '../live/live.ts';
import { meaningOf } from './failed-purchase.ts';
import { KeptKey } from './kept-key.ts';
import { pause, untilAnswered } from './retries.ts';

/** `unknown`: the house was not asked yet, or does not answer. `absent`: it has nothing of this key so far. */
export type Doubt = 'unknown' | 'absent';

export interface Purchase {
  readonly doubt: Doubt | undefined;
  /** Resolves to undefined when the answer was lost; `doubt` then says what is known. Rejects with a refusal. */
  buy<Answer>(send: (key: string) => Promise<Answer>): Promise<Answer | undefined>;
}

/** A request may arrive after its answer was given up, so the house is asked for a while. */
const mayArriveWithinMs = 40_000;
const askAgainMs = 3_000;

const storage = { read: readChoice, write: writeChoice, forget: forgetChoice };

export function usePurchase<Found>(asked: {
  /** Names what is bought, and who buys. */
  name: string;
  account: string;
  /** What the request with this key made; undefined for nothing. */
  find: (key: string, signal: AbortSignal) => Promise<Found | undefined>;
  onFound: (found: Found) => void;
  /** Whether the house keeps a refusal, and gives it to every later request with the key. Otherwise, an earlier one may still be done. */
  keepsRefusals?: boolean;
}): Purchase {
  const { name, account, keepsRefusals = false } = asked;
  const kept = useMemo(() => new KeptKey(`${name}.${account}`, storage, newRequestKey, browser.now), [name, account]);
  const [doubt, setDoubt] = useState(() => firstDoubt(kept));
  const [doubted, setDoubted] = useState(kept);
  if (doubted !== kept) {
    setDoubted(kept);
    setDoubt(firstDoubt(kept));
  }
  const [round, setRound] = useState(0);
  const latest = useRef(asked);
  latest.current = asked;
  const looking = useRef(new AbortController());
  const inDoubt = doubt !== undefined;

  const settle = useCallback(() => {
    kept.forget();
    setDoubt(undefined);
  }, [kept]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each `round` looks from the start.
  useEffect(() => {
    const key = inDoubt ? kept.pending() : undefined;
    if (key === undefined) return;
    const leaving = new AbortController();
    looking.current = leaving;
    const { signal } = leaving;
    const look = async () => {
      const giveUpAt = browser.now() + mayArriveWithinMs;
      do {
        const found = await untilAnswered((stop) => latest.current.find(key, stop), signal, browser, onHouseBack);
        if (signal.aborted) return;
        if (found !== undefined) {
          settle();
          latest.current.onFound(found);
          return;
        }
        setDoubt('absent');
        await pause(askAgainMs, signal, browser);
      } while (!signal.aborted && browser.now() < giveUpAt);
    };
    // Refused, such as after a logout: the key stays, and the page says that it does not know.
    look().catch(() => {});
    return () => leaving.abort();
  }, [kept, inDoubt, round, settle]);

  const buy = async <Answer>(send: (key: string) => Promise<Answer>): Promise<Answer | undefined> => {
    // Its own answer tells what became of the request.
    looking.current.abort();
    const before = kept.pending();
    const key = kept.take();
    try {
      const answer = await send(key);
      settle();
      return answer;
    } catch (failure) {
      const { lost, settled } = meaningOf(failure, { repeated: before !== undefined, keepsRefusals });
      if (settled) settle();
      setRound((count) => count + 1);
      if (!lost) throw failure;
      setDoubt('unknown');
      return undefined;
    }
  };
  return { doubt, buy };
}

/** A key that was kept is of a request whose answer was lost, before a reload or with another account. */
function firstDoubt(kept: KeptKey): Doubt | undefined {
  return kept.pending() === undefined ? undefined : 'unknown';
}
