/** The price that is held, and for how much longer; afterwards it can be asked for again. */
import { useEffect, useState } from 'react';
import type { Quote } from '#modules/flights/api/booking/contracts.ts';
import { useFormats } from '#web/language/language.ts';
import { useNow } from '../use-now.ts';
import { useFlightsWords } from '../words.ts';

/** From here on, the countdown is marked. */
const shortMs = 60_000;

export function HeldPrice({ quote, onExpired, onAgain }: { quote: Quote; onExpired: () => void; onAgain: () => Promise<void> }) {
  const { quote: words } = useFlightsWords();
  const formats = useFormats();
  const left = Math.max(0, quote.expiresAt - useNow(1_000));
  const [busy, setBusy] = useState(false);
  const expired = quote.state === 'expired' || left === 0;
  useEffect(() => {
    if (expired) onExpired();
  }, [expired, onExpired]);

  if (quote.state === 'booked') return <p className="note">{words.booked}</p>;
  if (expired)
    return (
      <div className="note note-look held" role="alert">
        <p>{words.expired}</p>
        <button
          type="button"
          className="button"
          disabled={busy}
          onClick={async () => {
            setBusy(true);
            await onAgain();
            setBusy(false);
          }}
        >
          {words.askAgain}
        </button>
      </div>
    );
  return (
    <p className={left < shortMs ? 'held held-short' : 'held'}>
      <span>{words.held}</span>
      <b role="timer" aria-label={words.heldUntil(formats.time(quote.expiresAt))}>
        {clock(left)}
      </b>
    </p>
  );
}

/** `9:05` */
function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
