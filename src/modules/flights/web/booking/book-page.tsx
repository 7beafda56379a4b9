/** Books a journey: its price is held, the passengers are named and seated, and one press pays. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Quote, QuoteInput } from '#modules/flights/api/booking/contracts.ts';
import { type Resource, useResource } from '#web/api/use-resource.ts';
import { Waiting } from '#web/design/loaded.tsx';
import { Empty, Failed } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { Link, replaceQuery, useQuery } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { FlightsHead } from '../flights-head.tsx';
import { cabinIn, flightsIn, passengersIn } from '../search/search-query.ts';
import { askQuote, loadQuote } from '../sources.ts';
import { useFlightsWords } from '../words.ts';
import { BookingForm } from './booking-form.tsx';
import { HeldPrice } from './held-price.tsx';
import { QuoteSheet } from './quote-sheet.tsx';

/** Out and back, with a change each. */
const maxFlights = 4;

export function BookPage() {
  const { booking: words, search } = useFlightsWords();
  const query = useQuery();
  const flights = flightsIn(query, 'flights', maxFlights);
  const cabin = cabinIn(query);
  const passengers = passengersIn(query);
  usePageTitle(words.title);
  const back = { href: '/flights', text: search.back };
  return (
    <div className="page">
      <FlightsHead title={words.title} back={back} />
      {flights.length === 0 ? (
        <Empty title={words.nothing} hint={words.nothingHint}>
          <Link className="button button-strong" href={back.href}>
            {back.text}
          </Link>
        </Empty>
      ) : (
        <Journey key={`${flights.join()} ${cabin} ${passengers}`} wanted={{ flights: [...flights], cabin, passengers }} />
      )}
    </div>
  );
}

function Journey({ wanted }: { wanted: QuoteInput }) {
  const { quote: words } = useFlightsWords();
  const formats = useFormats();
  const tell = useToasts();
  const failureText = useFailureText();
  const [resource, setQuote] = useHeldQuote(wanted);
  const [expired, setExpired] = useState(false);
  const onExpired = useCallback(() => setExpired(true), []);

  if (resource.state === 'loading') return <Waiting height="28rem" />;
  if (resource.state === 'failed') return <Failed failure={resource.failure} retry={resource.retry} />;
  const quote = resource.value;
  const again = async () => {
    try {
      const now = await askQuote(wanted);
      tell('good', now.total === quote.total ? words.same : words.changed(formats.whole(quote.total), formats.whole(now.total)));
      setQuote(now);
      setExpired(false);
    } catch (failure) {
      tell('bad', failureText(failure));
    }
  };
  return (
    <div className="book">
      <div className="book-form">
        <ForMembers>
          {({ member }) => <BookingForm key={member.id} quote={quote} member={member} closed={expired || quote.state !== 'open'} />}
        </ForMembers>
      </div>
      <QuoteSheet quote={quote}>
        <HeldPrice key={quote.id} quote={quote} onExpired={onExpired} onAgain={again} />
      </QuoteSheet>
    </div>
  );
}

/** The quote of the address, or a new one, whose id is then in the address: a reload, and a login, come back to the same price. */
function useHeldQuote(wanted: QuoteInput): readonly [Resource<Quote>, (quote: Quote) => void] {
  const first = useRef({ id: new URLSearchParams(window.location.search).get('quote') ?? '', wanted });
  const [newer, setNewer] = useState<Quote>();
  const held = useResource(
    useCallback(async (signal: AbortSignal) => {
      const { id, wanted: asked } = first.current;
      const known = /^[0-9a-f]{32}$/.test(id) ? await loadQuote(id, signal) : undefined;
      return known !== undefined && matches(known, asked) ? known : askQuote(asked);
    }, []),
  );
  const resource: Resource<Quote> = newer === undefined ? held : { state: 'ready', value: newer };
  const id = resource.state === 'ready' ? resource.value.id : undefined;
  useEffect(() => {
    if (id !== undefined) replaceQuery({ quote: id });
  }, [id]);
  return [resource, setNewer];
}

/** Whether a quote is for this journey: an address can be changed by hand. */
function matches(quote: Quote, { flights, cabin, passengers }: QuoteInput): boolean {
  const quoted = quote.legs.map(({ leg }) => leg.flightId).join();
  return quoted === flights.join() && quote.cabin === cabin && quote.passengers === passengers;
}
