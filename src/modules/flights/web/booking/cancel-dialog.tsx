/** Cancels a booking; what comes back is shown first. */
import { useState } from 'react';
import type { Booking } from '#modules/flights/api/booking/contracts.ts';
import { RequestFailure } from '#web/api/api.ts';
import { Coins } from '#web/design/coins.tsx';
import { Dialog } from '#web/design/dialog.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { loadBalance } from '#web/session/session.ts';
import { cancelBooking } from '../sources.ts';
import { useFlightsWords } from '../words.ts';

export function CancelDialog({ booking, onClose, onChange }: { booking: Booking; onClose: () => void; onChange: () => void }) {
  const { cancellation: words } = useFlightsWords();
  const formats = useFormats();
  const tell = useToasts();
  const failureText = useFailureText();
  const [busy, setBusy] = useState(false);
  const { refundPercent, until } = booking.rules;
  const refund = Math.floor((booking.total * refundPercent) / 100);

  const cancel = async () => {
    setBusy(true);
    try {
      const { refunded } = await cancelBooking(booking.id, refund);
      tell('good', words.done(formats.whole(refunded)));
      onChange();
      await loadBalance();
    } catch (failure) {
      tell('bad', failureText(failure));
      // Less comes back than was shown, or it is cancelled already: show how it is now.
      if (failure instanceof RequestFailure && failure.status === 409) onChange();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={words.title} onClose={onClose}>
      <dl className="account">
        <div>
          <dt>{words.paid}</dt>
          <dd>
            <Coins amount={booking.total} />
          </dd>
        </div>
        <div className="account-total">
          <dt>{words.refund(formats.share(refundPercent / 100))}</dt>
          <dd>
            <Coins amount={refund} />
          </dd>
        </div>
      </dl>
      <p className="soft">{until === null ? words.nothingMore : words.until(formats.date(until))}</p>
      <p className="soft">{words.seatsFree}</p>
      <div className="form-actions">
        <button type="button" className="button button-strong" disabled={busy} onClick={cancel}>
          {words.confirm(formats.whole(refund))}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {words.keep}
        </button>
      </div>
    </Dialog>
  );
}
