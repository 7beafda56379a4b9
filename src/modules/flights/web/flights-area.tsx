/** Flights: search, one flight, booking, one's own bookings, and what is watched. */
import './search/search.css';
import './search/results.css';
import './flight/flight.css';
import './booking/booking.css';
import './demand/demand.css';
import { NotFound } from '#web/shell/not-found.tsx';
import { BookPage } from './booking/book-page.tsx';
import { BookingPage } from './booking/booking-page.tsx';
import { BookingsPage } from './booking/bookings-page.tsx';
import { DemandPage } from './demand/demand-page.tsx';
import { FlightPage } from './flight/flight-page.tsx';
import { SearchPage } from './search/search-page.tsx';

export function FlightsArea({ parts }: { parts: readonly string[] }) {
  const [, page, id, ...more] = parts;
  if (more.length === 0) {
    if (page === undefined) return <SearchPage />;
    if (page === 'flight' && id !== undefined) return <FlightPage key={id} id={id} />;
    if (page === 'bookings' && id !== undefined) return <BookingPage key={id} id={id} />;
    if (page === 'bookings') return <BookingsPage />;
    if (page === 'book' && id === undefined) return <BookPage />;
    if (page === 'demand' && id === undefined) return <DemandPage />;
  }
  return <NotFound path={`/${parts.join('/')}`} />;
}
