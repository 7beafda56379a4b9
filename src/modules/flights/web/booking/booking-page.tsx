/** A booking: its e-tickets to print and to keep in the calendar, what was paid, and its cancellation. */
import { useCallback, useState } from 'react';
import type { Booking } from '#modules/flights/api/booking/contracts.ts';
import { useReloading } from '#web/api/use-resource.ts';
import { instrumentOf } from '#web/book-names.ts';
import { Coins } from '#web/design/coins.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Icon } from '#web/design/marks.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats, useLanguage } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { FlightsHead } from '../flights-head.tsx';
import { names } from '../names.ts';
import { calendarFileOf, loadBooking } from '../sources.ts';
import { useFlightsWords } from '../words.ts';
import { BookingBadge } from './booking-badge.tsx';
import { CancelDialog } from './cancel-dialog.tsx';
import { FareRules } from './quote-sheet.tsx';
import { TicketSheet } from './ticket-sheet.tsx';

export function BookingPage({ id }: { id: string }) {
  const { ticket: words } = useFlightsWords();
  const bookings = useName(names.bookings);
  usePageTitle(words.title(id));
  return (
    <div className="page">
      <FlightsHead title={words.heading} back={{ href: '/flights/bookings', text: bookings }} />
      <ForMembers>{() => <OwnBooking id={id} />}</ForMembers>
    </div>
  );
}

function OwnBooking({ id }: { id: string }) {
  const { ticket: words } = useFlightsWords();
  const bookings = useName(names.bookings);
  const [resource, reload] = useReloading(useCallback((signal: AbortSignal) => loadBooking(id, signal), [id]));
  const unknown = (
    <Empty title={words.unknown} hint={words.unknownHint}>
      <Link className="button button-strong" href="/flights/bookings">
        {bookings}
      </Link>
    </Empty>
  );
  return (
    <Loaded resource={resource} height="28rem" unknown={unknown}>
      {(booking) => <Known booking={booking} onChange={reload} />}
    </Loaded>
  );
}

function Known({ booking, onChange }: { booking: Booking; onChange: () => void }) {
  const { ticket: words } = useFlightsWords();
  const [cancelling, setCancelling] = useState(false);
  const live = booking.state === 'booked';
  return (
    <>
      <p className="ticket-id">
        <b>{booking.id}</b> <BookingBadge state={booking.state} />
      </p>
      <div className="form-actions ticket-actions">
        <button type="button" className="button" onClick={() => window.print()}>
          <Icon name="print" />
          {words.print}
        </button>
        {live && (
          <a className="button" href={calendarFileOf(booking.id)} download={`${booking.id}.ics`}>
            <Icon name="calendar" />
            {words.calendar}
          </a>
        )}
        {live && (
          <button type="button" className="button" onClick={() => setCancelling(true)}>
            {words.cancel}
          </button>
        )}
      </div>
      <ul className="tickets" aria-label={words.tickets}>
        {booking.tickets.map((ticket) => (
          <li key={ticket.number}>
            <TicketSheet booking={booking} ticket={ticket} />
          </li>
        ))}
      </ul>
      <Payment booking={booking} />
      {cancelling && (
        <CancelDialog
          booking={booking}
          onClose={() => setCancelling(false)}
          onChange={() => {
            setCancelling(false);
            onChange();
          }}
        />
      )}
    </>
  );
}

function Payment({ booking: { total, refunded, createdAt, cancelledAt, tickets, rules, state } }: { booking: Booking }) {
  const { ticket: words } = useFlightsWords();
  const formats = useFormats();
  const language = useLanguage();
  const instruments = new Set(tickets.map(({ leg }) => `FLIGHTS.${leg.number.slice(0, 2)}`));
  return (
    <Sheet title={words.payment} className="ticket-payment" padded>
      <dl className="account">
        <div>
          <dt>{words.paid(formats.date(createdAt))}</dt>
          <dd>
            <Coins amount={total} />
          </dd>
        </div>
        {cancelledAt !== null && (
          <div>
            <dt>{words.refunded(formats.date(cancelledAt))}</dt>
            <dd>
              <Coins amount={-refunded} />
            </dd>
          </div>
        )}
        <div className="account-total">
          <dt>{words.kept}</dt>
          <dd>
            <Coins amount={total - refunded} />
          </dd>
        </div>
      </dl>
      {state === 'booked' && <FareRules rules={rules} />}
      <p className="ticket-links">
        <Link href="/wallet">{words.statement}</Link>
        {[...instruments].map((instrument) => (
          <Link key={instrument} href={`/stocks/${instrument}`}>
            {words.tape(instrumentOf(instrument, language)?.name ?? instrument)}
          </Link>
        ))}
      </p>
    </Sheet>
  );
}
