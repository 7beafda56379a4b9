/** What is booked and what it costs, as in a ledger. */
import type { ReactNode } from 'react';
import type { Booking, Quote } from '#modules/flights/api/booking/contracts.ts';
import { Coins } from '#web/design/coins.tsx';
import { useFormats } from '#web/language/language.ts';
import { LegLine } from '../search/itinerary.tsx';
import { useFlightsWords } from '../words.ts';

export function QuoteSheet({ quote, children }: { quote: Quote; children: ReactNode }) {
  const { quote: words, cabins } = useFlightsWords();
  const formats = useFormats();
  return (
    <aside className="sheet quote" aria-label={words.journey}>
      <ol className="legs">
        {quote.legs.map(({ leg }) => (
          <li key={leg.flightId}>
            <LegLine leg={leg} />
          </li>
        ))}
      </ol>
      <dl className="account">
        {quote.legs.map(({ leg, price }) => (
          <div key={leg.flightId}>
            <dt>
              {leg.number} · {cabins[quote.cabin]}
            </dt>
            <dd>
              {quote.passengers > 1 && `${formats.whole(quote.passengers)} × `}
              <Coins amount={price} />
            </dd>
          </div>
        ))}
        <div className="account-total">
          <dt>{words.total}</dt>
          <dd className="quote-total">
            <Coins amount={quote.total} />
          </dd>
        </div>
      </dl>
      {children}
      <FareRules rules={quote.rules} />
    </aside>
  );
}

export function FareRules({ rules }: { rules: Booking['rules'] }) {
  const { rules: words } = useFlightsWords();
  const formats = useFormats();
  return (
    <details className="rules">
      <summary>{words.title}</summary>
      <ul>
        {rules.steps.map(({ hoursBefore, refundPercent }) => (
          <li key={hoursBefore}>{words.step(hoursBefore, formats.share(refundPercent / 100))}</li>
        ))}
      </ul>
    </details>
  );
}
