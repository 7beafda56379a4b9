/** What the stocks market refuses, in English and German: for the server, for pages and for the command line. */
import { says } from '#core/refusals.ts';

const companyForm = {
  en: 'a code of 1 to 12 upper-case letters, digits, dots or hyphens that begins with a letter, such as MSFT',
  de: 'ein Kürzel aus 1 bis 12 Großbuchstaben, Ziffern, Punkten oder Bindestrichen sein, das mit einem Buchstaben beginnt, wie MSFT',
};
const sinceEpoch = { en: 'milliseconds since 1970', de: 'Millisekunden seit 1970' };

export const stocksRefusals = {
  'market-starting': says({
    code: 'unavailable',
    en: () => 'The live view is still reading its first figures: try again in a moment.',
    de: () => 'Die ersten Zahlen werden noch gelesen: versuch es gleich noch einmal.',
  }),
  'no-company': says<{ company: string }>({
    code: 'not_found',
    en: ({ company }) => `There is no company ${company}.`,
    de: ({ company }) => `Es gibt kein Unternehmen ${company}.`,
    advice: () => 'GET /api/stocks/companies lists those there are.',
  }),
  'not-from-outside': says<{ company: string }>({
    code: 'not_found',
    en: ({ company }) => `No company ${company} has traded from outside.`,
    de: ({ company }) => `Kein Unternehmen ${company} wurde von außen gehandelt.`,
    advice: () => 'GET /api/stocks/admin/companies lists those that have; others cannot be retired.',
  }),
  'company-retired': says<{ company: string }>({
    code: 'conflict',
    en: ({ company }) => `${company} was retired: its trades are not taken in any more.`,
    de: ({ company }) => `${company} wird nicht mehr gehandelt: Abschlüsse werden nicht mehr angenommen.`,
    advice: () => 'An admin can bring it back.',
  }),
  'watched-full': says<{ most: number }>({
    code: 'conflict',
    en: ({ most }) => `The watch list has room for ${most} companies: take one off it first.`,
    de: ({ most }, { whole }) => `Auf die Merkliste passen ${whole(most)} Unternehmen: nimm zuerst eines herunter.`,
  }),
  'not-traded': says<{ company: string }>({
    code: 'not_found',
    en: ({ company }) => `${company} has not traded yet.`,
    de: ({ company }) => `${company} wurde noch nicht gehandelt.`,
    advice: () => 'Set a speed with PUT /api/stocks/rate, or wait.',
  }),
  'newest-or-pages': says({
    code: 'invalid_input',
    en: () => 'newest cannot be combined with from or after: send one of them.',
    de: () => 'newest geht nicht zusammen mit from oder after: schick nur eines davon.',
  }),
  'range-empty': says<{ from: number; to: number }>({
    code: 'invalid_input',
    en: ({ from, to }) => `from must be before to, but is ${from}, and to is ${to}.`,
    de: ({ from, to }) => `from muss vor to liegen, ist aber ${from}, und to ist ${to}.`,
  }),
  'no-trades': says({
    code: 'invalid_input',
    en: () => 'The body holds no trades: send at least one.',
    de: () => 'Es sind keine Abschlüsse darin: schick mindestens einen.',
  }),
  'too-many-trades': says<{ most: number }>({
    code: 'too_large',
    en: ({ most }) => `The body holds more than ${most} trades: send them in several requests, each with a key of its own.`,
    de: ({ most }, { whole }) => `Es sind mehr als ${whole(most)} Abschlüsse: schick sie in mehreren Anfragen, jede mit eigenem Schlüssel.`,
  }),
  'trades-not-valid': says<{ wrong: number; all: number; listed: number }>({
    code: 'invalid_input',
    en: ({ wrong, all, listed }) =>
      `${wrong} of ${all} trades ${wrong === 1 ? 'is' : 'are'} not valid${wrong > listed ? `; the first ${listed} are listed` : ''}; nothing of the request was stored`,
    de: ({ wrong, all, listed }) =>
      `${wrong} von ${all} Abschlüssen sind nicht gültig${wrong > listed ? `; die ersten ${listed} stehen hier` : ''}; nichts davon wurde gespeichert`,
  }),
  'company-limit': says<{ company: string; known: number; most: number }>({
    code: 'conflict',
    en: ({ company, known, most }) =>
      `${company} would be one company too many: trades from outside may be of ${most} companies, and ${known} are known; check the codes`,
    de: ({ company, known, most }) =>
      `${company} wäre ein Unternehmen zu viel: Abschlüsse von außen dürfen von ${most} Unternehmen sein, und ${known} sind bekannt; prüf die Kürzel`,
  }),
  'company-simulated': says<{ company: string; other: string }>({
    code: 'conflict',
    en: ({ company, other }) =>
      `${company} is simulated here: its tape must equal its recomputation from the seed, so it takes no trades from outside; use another code, such as ${other}`,
    de: ({ company, other }) =>
      `${company} wird hier simuliert und nimmt darum keine Abschlüsse von außen an; nimm ein anderes Kürzel, etwa ${other}`,
  }),
  'company-of-module': says<{ company: string; module: string }>({
    code: 'conflict',
    en: ({ company, module }) =>
      `${company} stands for what the module ${module} sells, so only its sales are trades of it; use another code, without "${module.toUpperCase()}." at its beginning`,
    de: ({ company, module }) =>
      `${company} steht für das, was der Bereich ${module} verkauft, und nimmt darum keine Abschlüsse von außen an; nimm ein Kürzel, das nicht mit „${module.toUpperCase()}.“ beginnt`,
  }),
  'trade-unreadable': says<{ problem: string }>({
    code: 'invalid_input',
    en: ({ problem }) => problem,
    de: ({ problem }) => `lässt sich nicht lesen: ${problem}`,
  }),
  'trade-form': says<{ value: string }>({
    code: 'invalid_input',
    en: ({ value }) => `must be an object such as {"company":"ACME","side":"buy","priceCents":12345,"quantity":10}, not ${value}`,
    de: ({ value }) => `muss ein Objekt sein wie {"company":"ACME","side":"buy","priceCents":12345,"quantity":10}, nicht ${value}`,
  }),
  'trade-field': says<{ name: string; known: string }>({
    code: 'invalid_input',
    en: ({ name, known }) => `has a field ${name}, which a trade does not have: its fields are ${known}`,
    de: ({ name, known }) => `hat ein Feld ${name}, das ein Abschluss nicht hat: seine Felder sind ${known}`,
  }),
  'trade-company': says<{ value: string }>({
    code: 'invalid_input',
    en: ({ value }) => `company must be ${companyForm.en}, not ${value}`,
    de: ({ value }) => `company muss ${companyForm.de}, nicht ${value}`,
  }),
  'trade-side': says<{ value: string }>({
    code: 'invalid_input',
    en: ({ value }) => `side must be "buy" or "sell", not ${value}`,
    de: ({ value }) => `side muss „buy“ oder „sell“ sein, nicht ${value}`,
  }),
  'trade-price': says<{ value: string; most: number }>({
    code: 'invalid_input',
    en: ({ value, most }) => `priceCents must be a whole number from 1 to ${most}, not ${value}`,
    de: ({ value, most }) => `priceCents muss eine ganze Zahl von 1 bis ${most} sein, nicht ${value}`,
  }),
  'trade-quantity': says<{ value: string; most: number }>({
    code: 'invalid_input',
    en: ({ value, most }) => `quantity must be a whole number from 1 to ${most}, not ${value}`,
    de: ({ value, most }) => `quantity muss eine ganze Zahl von 1 bis ${most} sein, nicht ${value}`,
  }),
  'trade-too-large': says<{ cents: number; most: number }>({
    code: 'invalid_input',
    en: ({ cents, most }) => `price × quantity must not exceed ${most} cents, and is ${cents}`,
    de: ({ cents, most }) => `Preis × Menge darf höchstens ${most} Cent ergeben, ergibt aber ${cents}`,
  }),
  'trade-time': says<{ value: string }>({
    code: 'invalid_input',
    en: ({ value }) => `at must be a time in whole ${sinceEpoch.en}, not ${value}`,
    de: ({ value }) => `at muss eine Zeit in ganzen ${sinceEpoch.de} sein, nicht ${value}`,
  }),
  'trade-in-future': says<{ at: number; now: number }>({
    code: 'invalid_input',
    en: ({ at, now }) => `at must not be in the future, and is ${at}: it is now ${now} (${sinceEpoch.en})`,
    de: ({ at, now }) => `at darf nicht in der Zukunft liegen, ist aber ${at}: jetzt ist ${now} (${sinceEpoch.de})`,
  }),
  'trade-too-old': says<{ at: number }>({
    code: 'invalid_input',
    en: ({ at }) => `at must not be before the year 2000, and is ${at} (${sinceEpoch.en})`,
    de: ({ at }) => `at darf nicht vor dem Jahr 2000 liegen, ist aber ${at} (${sinceEpoch.de})`,
  }),
  'trade-in-seconds': says<{ at: number }>({
    code: 'invalid_input',
    en: ({ at }) => `at must not be before the year 2000, and is ${at}: that looks like seconds, multiply by 1000`,
    de: ({ at }) => `at darf nicht vor dem Jahr 2000 liegen, ist aber ${at}: das sieht nach Sekunden aus, nimm es mal 1000`,
  }),
  'trade-row': says<{ fields: number; columns: number }>({
    code: 'invalid_input',
    en: ({ fields, columns }) => `has ${fields} fields, and the header has ${columns}`,
    de: ({ fields, columns }) => `hat ${fields} Felder, und die Kopfzeile hat ${columns}`,
  }),
  'trade-price-text': says<{ value: string }>({
    code: 'invalid_input',
    en: ({ value }) => `price must be a decimal number such as 123.45, without currency or thousands separators, not ${value}`,
    de: ({ value }) => `price muss eine Dezimalzahl wie 123.45 sein, ohne Währung und Tausendertrenner, nicht ${value}`,
  }),
  'trade-price-decimals': says<{ value: string }>({
    code: 'invalid_input',
    en: ({ value }) => `price must have at most 2 decimals, as the tape holds whole cents: round ${value} yourself`,
    de: ({ value }) => `price darf höchstens 2 Nachkommastellen haben, denn das Band hält ganze Cent: runde ${value} selbst`,
  }),
  'trade-time-text': says<{ value: string }>({
    code: 'invalid_input',
    en: ({ value }) => `at must be a time with its offset, such as 2026-01-31T09:30:00.250Z, or ${sinceEpoch.en}, not ${value}`,
    de: ({ value }) => `at muss eine Zeit mit Zeitzone wie 2026-01-31T09:30:00.250Z sein, oder ${sinceEpoch.de}, nicht ${value}`,
  }),
};
