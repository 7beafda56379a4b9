/** Names and seats of the passengers, and the button that pays. */
import { useState } from 'react';
import { WayToCoins } from '#modules/coins/web/face.tsx';
import type { BookingInput, Quote } from '#modules/flights/api/booking/contracts.ts';
import { RequestFailure } from '#web/api/api.ts';
import { useOrderPurchase } from '#web/api/use-order-purchase.ts';
import { Coins } from '#web/design/coins.tsx';
import { Form, TextField, type Typed } from '#web/design/form.tsx';
import { InDoubt } from '#web/design/in-doubt.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { navigate } from '#web/routing/navigation.tsx';
import { loadBalance, useBalance } from '#web/session/session.ts';
import { bookQuote, findBooked } from '../sources.ts';
import { useFlightsWords } from '../words.ts';
import { SeatChooser } from './seat-chooser.tsx';
import type { Seating } from './seat-rows.ts';

export function BookingForm(props: { quote: Quote; member: { readonly id: string; readonly name: string }; closed: boolean }) {
  const { booking: words } = useFlightsWords();
  const formats = useFormats();
  const tell = useToasts();
  const balance = useBalance();
  const { quote, member, closed } = props;
  const purchase = useOrderPurchase({ name: 'booking', account: member.id, path: '/flights/bookings', find: findBooked });
  const [people, setPeople] = useState(() => namesOf(quote.passengers, member.name));
  const [seatings, setSeatings] = useState<readonly Seating[]>(() => quote.legs.map(() => people.map(() => null)));
  const [round, setRound] = useState(0);
  const short = balance !== undefined && balance < quote.total;

  const book = async (typed: Typed) => {
    const input: BookingInput = {
      quoteId: quote.id,
      expectedTotal: quote.total,
      passengers: people.map((_, index) => ({
        givenName: typed(`givenName-${index}`).trim(),
        familyName: typed(`familyName-${index}`).trim(),
        seats: seatings.map((seating) => seating[index] ?? null),
      })),
    };
    try {
      const booked = await purchase.buy((key) => bookQuote(input, key));
      if (booked === undefined) return;
      navigate(`/flights/bookings/${booked.id}`);
      tell('good', words.booked);
      await loadBalance();
    } catch (failure) {
      // Refused because something changed: the seats are shown as they are now.
      if (failure instanceof RequestFailure && failure.status === 409) {
        setRound(round + 1);
        await loadBalance();
      }
      throw failure;
    }
  };
  const shownNames = people.map(({ given, family }, index) => given || family || words.passenger(index + 1));
  return (
    <Sheet title={words.passengers} padded>
      <Form submit={words.pay(formats.whole(quote.total))} disabled={short || closed} onSubmit={book} beside={<Balance coins={balance} />}>
        {people.map((person, index) => (
          <PassengerFields
            // biome-ignore lint/suspicious/noArrayIndexKey: passengers have no other identity.
            key={index}
            index={index}
            alone={people.length === 1}
            person={person}
            onChange={(changed) => setPeople(people.with(index, changed))}
          />
        ))}
        <SeatChooser
          legs={quote.legs.map(({ leg }) => leg)}
          cabin={quote.cabin}
          seatings={seatings}
          names={shownNames}
          round={round}
          onSeating={(leg, change) => setSeatings((before) => before.map((seating, index) => (index === leg ? change(seating) : seating)))}
        />
        <InDoubt doubt={purchase.doubt} />
        {short && balance !== undefined && (
          <div className="note note-look short-of-coins">
            <p>{words.short(formats.whole(quote.total - balance))}</p>
            <WayToCoins missing={quote.total - balance} />
          </div>
        )}
      </Form>
    </Sheet>
  );
}

function Balance({ coins }: { coins: number | undefined }) {
  const { booking: words } = useFlightsWords();
  if (coins === undefined) return null;
  return (
    <span className="label">
      {words.balance} <Coins amount={coins} />
    </span>
  );
}

interface Person {
  readonly given: string;
  readonly family: string;
}

/** The first passenger is most often who books. */
function namesOf(passengers: number, name: string): readonly Person[] {
  const parts = name.trim().split(/\s+/);
  const booking = { given: parts.slice(0, -1).join(' ') || (parts[0] ?? ''), family: parts.length > 1 ? (parts.at(-1) ?? '') : '' };
  return Array.from({ length: passengers }, (_, index) => (index === 0 ? booking : { given: '', family: '' }));
}

function PassengerFields(props: { index: number; alone: boolean; person: Person; onChange: (person: Person) => void }) {
  const { booking: words } = useFlightsWords();
  const { index, person, onChange } = props;
  const first = index === 0;
  return (
    <fieldset className="passenger">
      <legend className={props.alone ? 'out-of-sight' : 'label'}>{words.passenger(index + 1)}</legend>
      <div className="form-pair">
        <TextField
          label={words.givenName}
          name={`givenName-${index}`}
          value={person.given}
          onChange={(event) => onChange({ given: event.target.value, family: person.family })}
          autoComplete={first ? 'given-name' : 'off'}
          maxLength={60}
        />
        <TextField
          label={words.familyName}
          name={`familyName-${index}`}
          value={person.family}
          onChange={(event) => onChange({ given: person.given, family: event.target.value })}
          autoComplete={first ? 'family-name' : 'off'}
          maxLength={60}
        />
      </div>
    </fieldset>
  );
}
