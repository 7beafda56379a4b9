/** Everything flights refuse: the names that programs know, and the words for each reader. */
import { says } from '#core/refusals.ts';

/** `KO1234-20261201` is known to people as KO1234. */
const numberOf = (flight: string) => flight.slice(0, flight.indexOf('-'));

const searchRefusals = {
  'no-airport': says<{ code: string }>({
    code: 'invalid_input',
    en: ({ code }) => `There is no airport ${code}: choose one from the list.`,
    de: ({ code }) => `Den Flughafen ${code} gibt es nicht: wähle einen aus der Liste.`,
    advice: () => 'GET /api/flights/airports finds codes.',
  }),
  'same-airport': says({
    code: 'invalid_input',
    en: () => 'The flight must go to another airport.',
    de: () => 'Der Flug muss zu einem anderen Flughafen gehen.',
  }),
  'no-date': says<{ date: string }>({
    code: 'invalid_input',
    en: ({ date }) => `${date} is not a day of the calendar.`,
    de: ({ date }) => `Den Tag ${date} gibt es nicht.`,
  }),
  'date-past': says<{ first: string }>({
    code: 'invalid_input',
    en: ({ first }) => `This day is over: choose ${first} or a later one.`,
    de: ({ first }) => `Dieser Tag ist vorbei: wähle den ${first} oder einen späteren.`,
  }),
  'date-far': says<{ last: string }>({
    code: 'invalid_input',
    en: ({ last }) => `Flights can be booked until ${last}: choose an earlier day.`,
    de: ({ last }) => `Flüge lassen sich bis ${last} buchen: wähle einen früheren Tag.`,
  }),
};

const serviceRefusals = {
  'no-aircraft': says<{ aircraft: string; known: string }>({
    code: 'invalid_input',
    en: ({ aircraft }) => `There is no aircraft ${aircraft}.`,
    de: ({ aircraft }) => `Den Flugzeugtyp ${aircraft} gibt es nicht.`,
    advice: ({ known }) => `There are ${known}.`,
  }),
  'no-business': says<{ aircraft: string }>({
    code: 'invalid_input',
    en: ({ aircraft }) => `${aircraft} has no business cabin: leave its fare out.`,
    de: ({ aircraft }) => `${aircraft} hat keine Business-Klasse: lass deren Preis weg.`,
  }),
  'days-turned': says({
    code: 'invalid_input',
    en: () => 'The last day lies before the first.',
    de: () => 'Der letzte Tag liegt vor dem ersten.',
  }),
};

const travelRefusals = {
  'no-flight': says<{ flight: string }>({
    code: 'not_found',
    en: () => 'There is no such flight.',
    de: () => 'Diesen Flug gibt es nicht.',
    advice: ({ flight }) => `There is no flight ${flight}; GET /api/flights/search lists those between two airports.`,
  }),
  'no-cabin': says<{ flight: string; cabin: string }>({
    code: 'conflict',
    en: ({ flight }) => `Flight ${numberOf(flight)} does not have this cabin: choose another one.`,
    de: ({ flight }) => `Flug ${numberOf(flight)} hat diese Klasse nicht: wähle eine andere.`,
    advice: ({ cabin }) => `It has no ${cabin}.`,
  }),
  'flight-departed': says<{ flight: string }>({
    code: 'conflict',
    en: ({ flight }) => `Flight ${numberOf(flight)} has departed.`,
    de: ({ flight }) => `Flug ${numberOf(flight)} ist schon abgeflogen.`,
  }),
  'flight-cancelled': says<{ flight: string }>({
    code: 'conflict',
    en: ({ flight }) => `Flight ${numberOf(flight)} is cancelled: search for another one.`,
    de: ({ flight }) => `Flug ${numberOf(flight)} fällt aus: such einen anderen.`,
  }),
  'flights-apart': says<{ flight: string; next: string }>({
    code: 'invalid_input',
    en: ({ flight, next }) => `Flight ${numberOf(next)} does not leave from where ${numberOf(flight)} arrives.`,
    de: ({ flight, next }) => `Flug ${numberOf(next)} fliegt nicht dort ab, wo ${numberOf(flight)} ankommt.`,
  }),
  'connection-short': says<{ flight: string; next: string; minutes: number }>({
    code: 'conflict',
    en: ({ flight, next, minutes }) =>
      `Between the arrival of ${numberOf(flight)} and flight ${numberOf(next)} must be ${minutes} minutes.`,
    de: ({ flight, next, minutes }) =>
      `Zwischen der Ankunft von ${numberOf(flight)} und Flug ${numberOf(next)} müssen ${minutes} Minuten liegen.`,
  }),
  'flight-full': says<{ flight: string }>({
    code: 'conflict',
    en: ({ flight }) => `Flight ${numberOf(flight)} is sold out in this cabin.`,
    de: ({ flight }) => `Flug ${numberOf(flight)} ist in dieser Klasse ausverkauft.`,
  }),
  'few-seats': says<{ flight: string; left: number; wanted: number }>({
    code: 'conflict',
    en: ({ flight, left }) => `Flight ${numberOf(flight)} has only ${left === 1 ? 'one seat' : `${left} seats`} left in this cabin.`,
    de: ({ flight, left }) => `Flug ${numberOf(flight)} hat in dieser Klasse nur noch ${left === 1 ? 'einen Platz' : `${left} Plätze`}.`,
    advice: ({ wanted }) => `${wanted} were asked for.`,
  }),
};

const quoteRefusals = {
  'too-many-quotes': says<{ most: number; until: number }>({
    code: 'too_many_requests',
    en: ({ most, until }, { date }) => `${most} prices are held for you already: use one of them, or ask again after ${date(until)}.`,
    de: ({ most, until }, { date }) =>
      `Für dich werden schon ${most} Preise gehalten: nimm einen davon, oder frag nach ${date(until)} wieder.`,
  }),
  'no-quote': says<{ quote: string }>({
    code: 'not_found',
    en: () => 'There is no such quote: ask for the price again.',
    de: () => 'Dieses Angebot gibt es nicht: frag noch einmal nach dem Preis.',
    advice: ({ quote }) => `You have no quote ${quote}; POST /api/flights/quotes gives one.`,
  }),
  'quote-expired': says({
    code: 'conflict',
    en: () => 'The price is not held any more: ask for it again.',
    de: () => 'Der Preis gilt nicht mehr: frag noch einmal danach.',
    advice: () => 'POST /api/flights/quotes gives a new quote.',
  }),
  'quote-used': says({
    code: 'conflict',
    en: () => 'This quote was booked already: look at your bookings.',
    de: () => 'Dieses Angebot ist schon gebucht: sieh in deine Buchungen.',
    advice: () => 'A quote is used once; POST /api/flights/quotes gives a new one.',
  }),
};

const bookingRefusals = {
  'passengers-differ': says<{ quoted: number }>({
    code: 'invalid_input',
    en: ({ quoted }) => `The price is for ${quoted === 1 ? 'one passenger' : `${quoted} passengers`}: name as many.`,
    de: ({ quoted }) => `Der Preis gilt für ${quoted === 1 ? 'einen Passagier' : `${quoted} Passagiere`}: nenne so viele.`,
  }),
  'seats-differ': says<{ flights: number }>({
    code: 'invalid_input',
    en: ({ flights }) => `Each passenger needs one seat for each of ${flights === 1 ? 'one flight' : `${flights} flights`}.`,
    de: ({ flights }) => `Jeder Passagier braucht je einen Platz auf ${flights === 1 ? 'einem Flug' : `${flights} Flügen`}.`,
    advice: () => 'Send null for any free seat.',
  }),
  'booking-total-changed': says<{ total: number }>({
    code: 'conflict',
    en: ({ total }, { whole }) => `This quote comes to ${whole(total)} coins. Look at it again.`,
    de: ({ total }, { whole }) => `Dieses Angebot kostet ${whole(total)} Taler. Sieh es noch einmal an.`,
    advice: () => 'Send that as expectedTotal.',
  }),
  'no-seat': says<{ flight: string; seat: string }>({
    code: 'invalid_input',
    en: ({ flight, seat }) => `Flight ${numberOf(flight)} has no seat ${seat} in this cabin.`,
    de: ({ flight, seat }) => `Flug ${numberOf(flight)} hat in dieser Klasse keinen Platz ${seat}.`,
    advice: ({ flight }) => `GET /api/flights/flights/${flight}/seats lists them.`,
  }),
  'seat-twice': says<{ flight: string; seat: string }>({
    code: 'invalid_input',
    en: ({ flight, seat }) => `Seat ${seat} of flight ${numberOf(flight)} is chosen for two passengers.`,
    de: ({ flight, seat }) => `Platz ${seat} auf Flug ${numberOf(flight)} ist für zwei Passagiere gewählt.`,
  }),
  'seat-taken': says<{ flight: string; seat: string; next: string }>({
    code: 'conflict',
    en: ({ flight, seat, next }) => `Seat ${seat} of flight ${numberOf(flight)} was just taken. Seat ${next} is free.`,
    de: ({ flight, seat, next }) => `Platz ${seat} auf Flug ${numberOf(flight)} ist eben vergeben worden. Platz ${next} ist frei.`,
    advice: () => 'The quote still holds: choose again with it.',
  }),
  'booking-coins-short': says<{ total: number; available: number }>({
    code: 'conflict',
    en: ({ total, available }, { whole }) => `The booking costs ${whole(total)} coins, and there are ${whole(available)} in your wallet.`,
    de: ({ total, available }, { whole }) => `Die Buchung kostet ${whole(total)} Taler, und in deinem Beutel sind ${whole(available)}.`,
    advice: () => 'Earn or receive more; the quote still holds.',
  }),
  'no-booking': says<{ booking: string }>({
    code: 'not_found',
    en: () => 'There is no such booking.',
    de: () => 'Diese Buchung gibt es nicht.',
    advice: ({ booking }) => `You have no booking ${booking}; GET /api/flights/bookings lists yours.`,
  }),
  'booking-departed': says({
    code: 'conflict',
    en: () => 'The first flight has departed: the booking cannot be cancelled any more.',
    de: () => 'Der erste Flug ist schon abgeflogen: die Buchung lässt sich nicht mehr stornieren.',
  }),
  'refund-changed': says<{ refund: number }>({
    code: 'conflict',
    en: ({ refund }, { whole }) => `By the rules of the fare ${whole(refund)} coins come back now. Look at it again.`,
    de: ({ refund }, { whole }) => `Nach den Regeln des Tarifs kommen jetzt ${whole(refund)} Taler zurück. Sieh es noch einmal an.`,
    advice: () => 'Send that as expectedRefund.',
  }),
};

export const flightsRefusals = {
  ...searchRefusals,
  ...serviceRefusals,
  ...travelRefusals,
  ...quoteRefusals,
  ...bookingRefusals,
  'booking-under-way': says<{ booking: string }>({
    code: 'conflict',
    en: ({ booking }) => `Booking ${booking} is not flown yet: cancel it, or close the account afterwards.`,
    de: ({ booking }) => `Buchung ${booking} ist noch nicht geflogen: storniere sie, oder schließ das Konto danach.`,
  }),
};
