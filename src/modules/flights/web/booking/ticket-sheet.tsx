/** One e-ticket: who flies when, from where to where, and in which seat. */
import type { Booking } from '#modules/flights/api/booking/contracts.ts';
import { Gable } from '#web/design/marks.tsx';
import { clockOf, dateOf, durationText } from '../local-times.ts';
import { useCityNames, useDayTexts } from '../use-airports.ts';
import { useFlightsWords } from '../words.ts';

type Ticket = Booking['tickets'][number];

export function TicketSheet({ booking, ticket: { number, leg, passenger, seat } }: { booking: Booking; ticket: Ticket }) {
  const { ticket: words, cabins, flight } = useFlightsWords();
  const days = useDayTexts();
  const person = booking.passengers[passenger];
  const name = person === undefined ? '' : `${person.givenName} ${person.familyName}`;
  const cityName = useCityNames();
  const city = (code: string) => {
    const airport = booking.airports.find((one) => one.code === code);
    return airport === undefined ? code : cityName(airport);
  };
  return (
    <article className={booking.state === 'cancelled' ? 'ticket ticket-void' : 'ticket'} aria-label={words.ticketOf(name, leg.number)}>
      <div className="ticket-main">
        <p className="ticket-head">
          <Gable className="ticket-gable" />
          <span>
            {leg.carrier} {leg.number}
          </span>
          <span>{days.long(dateOf(leg.departsLocal))}</span>
        </p>
        <dl className="ticket-route">
          <div>
            <dt className="label">{flight.departure}</dt>
            <dd>
              <b>{leg.from}</b>
              <span>{city(leg.from)}</span>
              <span className="ticket-clock">{clockOf(leg.departsLocal)}</span>
            </dd>
          </div>
          <div className="ticket-way">
            <dt className="out-of-sight">{words.duration}</dt>
            <dd className="label">{durationText(leg.durationMinutes)}</dd>
          </div>
          <div>
            <dt className="label">{flight.arrival}</dt>
            <dd>
              <b>{leg.to}</b>
              <span>{city(leg.to)}</span>
              <span className="ticket-clock">
                {clockOf(leg.arrivesLocal)}
                {dateOf(leg.arrivesLocal) !== dateOf(leg.departsLocal) && <small> {days.short(dateOf(leg.arrivesLocal))}</small>}
              </span>
            </dd>
          </div>
        </dl>
      </div>
      <dl className="ticket-stub">
        <div>
          <dt className="label">{words.passenger}</dt>
          <dd>{name}</dd>
        </div>
        <div className="ticket-seat">
          <dt className="label">{words.seat}</dt>
          <dd>{seat}</dd>
        </div>
        <div>
          <dt className="label">{words.cabin}</dt>
          <dd>{cabins[booking.cabin]}</dd>
        </div>
        <div>
          <dt className="label">{words.number}</dt>
          <dd>{number}</dd>
        </div>
      </dl>
    </article>
  );
}
