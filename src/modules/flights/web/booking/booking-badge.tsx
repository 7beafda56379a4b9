/** The state of a booking, in a word. */
import type { BookingSummary } from '#modules/flights/api/booking/contracts.ts';
import { useFlightsWords } from '../words.ts';

const tones: Readonly<Record<BookingSummary['state'], string>> = {
  booked: 'badge badge-good',
  flown: 'badge',
  cancelled: 'badge badge-bad',
};

export function BookingBadge({ state }: { state: BookingSummary['state'] }) {
  const { bookings: words } = useFlightsWords();
  return <span className={tones[state]}>{words.states[state]}</span>;
}
