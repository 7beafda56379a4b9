/** One's own bookings, newest first. */
import type { BookingSummary } from '#modules/flights/api/booking/contracts.ts';
import { usePages } from '#web/api/use-pages.ts';
import { Coins } from '#web/design/coins.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { FlightsHead } from '../flights-head.tsx';
import { clockOf, dateOf } from '../local-times.ts';
import { names } from '../names.ts';
import { loadBookings } from '../sources.ts';
import { useCity, useDayTexts } from '../use-airports.ts';
import { useFlightsWords } from '../words.ts';
import { BookingBadge } from './booking-badge.tsx';

export function BookingsPage() {
  const { search } = useFlightsWords();
  const title = useName(names.bookings);
  usePageTitle(title);
  return (
    <div className="page">
      <FlightsHead title={title} back={{ href: '/flights', text: search.back }} />
      <ForMembers>{({ member }) => <Bookings key={member.id} />}</ForMembers>
    </div>
  );
}

function Bookings() {
  const { bookings: words, search } = useFlightsWords();
  const formats = useFormats();
  const empty = (
    <Empty title={words.empty} hint={words.emptyHint}>
      <Link className="button button-strong" href="/flights">
        {search.back}
      </Link>
    </Empty>
  );
  const columns: readonly Column<BookingSummary>[] = [
    { head: words.journey, kind: 'name', cell: (booking) => <JourneyLink booking={booking} /> },
    { head: words.departs, cell: ({ legs }) => <Departure leg={legs[0]} /> },
    { head: words.passengers, kind: 'figure', cell: ({ passengers }) => words.passengerCount(passengers) },
    { head: words.state, cell: ({ state }) => <BookingBadge state={state} /> },
    {
      head: words.paid,
      kind: 'figure',
      cell: ({ total, refunded }) => (
        <>
          <Coins amount={total} />
          {refunded > 0 && <span className="label">{words.refunded(formats.whole(refunded))}</span>}
        </>
      ),
    },
  ];
  return (
    <ListSheet pages={usePages(loadBookings)} empty={empty}>
      {(bookings) => <Ledger rows={bookings} keyOf={({ id }) => id} columns={columns} />}
    </ListSheet>
  );
}

function JourneyLink({ booking: { id, legs } }: { booking: BookingSummary }) {
  const { bookings: words } = useFlightsWords();
  const first = legs[0];
  const last = legs.at(-1);
  // A way back ends where the journey began: its farthest place names it.
  const returns = first !== undefined && last !== undefined && first.from === last.to && legs.length > 1;
  const farthest = returns ? (legs[legs.length / 2] ?? last).from : (last?.to ?? '');
  const from = useCity(first?.from ?? '');
  const to = useCity(farthest);
  return (
    <>
      <Link href={`/flights/bookings/${id}`}>{(returns ? words.thereAndBack : words.there)(from, to)}</Link>
      <span className="label">{id}</span>
    </>
  );
}

function Departure({ leg }: { leg: BookingSummary['legs'][number] | undefined }) {
  const days = useDayTexts();
  if (leg === undefined) return null;
  return (
    <>
      {days.short(dateOf(leg.departsLocal))}, {clockOf(leg.departsLocal)}
    </>
  );
}
