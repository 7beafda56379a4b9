/** Everything errands refuse: the names that programs know, and the words for each reader. */
import { says } from '#core/refusals.ts';
import { headerRefusals } from './domain/fetching/request-headers.ts';
import { scheduleRefusals } from './domain/schedule/schedule-refusals.ts';

const addressRefusals = {
  'address-form': says({
    code: 'invalid_input',
    en: () => 'This is not an address: write it like https://example.org/prices.',
    de: () => 'Das ist keine Adresse: schreib sie wie https://example.org/preise.',
  }),
  'address-scheme': says({
    code: 'invalid_input',
    en: () => 'Only addresses with http:// or https:// can be fetched.',
    de: () => 'Nur Adressen mit http:// oder https:// lassen sich abrufen.',
  }),
  'address-login': says({
    code: 'invalid_input',
    en: () => 'Leave name and password out of the address: miners would see them.',
    de: () => 'Lass Name und Passwort aus der Adresse weg: Schürfer würden sie sehen.',
  }),
  'address-port': says({
    code: 'invalid_input',
    en: () => 'Only the usual ports, 80 and 443, can be fetched from.',
    de: () => 'Abrufen lässt sich nur über die üblichen Ports 80 und 443.',
  }),
  'address-private': says({
    code: 'invalid_input',
    en: () => 'This address leads into a private network: only public pages can be fetched.',
    de: () => 'Diese Adresse führt in ein privates Netz: abrufen lassen sich nur öffentliche Seiten.',
  }),
  'extraction-wrong': says<{ says: string }>({
    code: 'invalid_input',
    en: ({ says: why }) => `This cannot be looked for: ${why}.`,
    de: ({ says: why }) => `Danach lässt sich nicht suchen (${why}).`,
  }),
  'header-refused': says<{ header: string }>({
    code: 'invalid_input',
    en: ({ header }) => `The header ${header} cannot be sent.`,
    de: ({ header }) => `Die Kopfzeile ${header} lässt sich nicht senden.`,
    advice: () => `Rules: ${Object.values(headerRefusals).join('; ')}.`,
  }),
};

const orderRefusals = {
  'no-errand': says<{ order: string }>({
    code: 'not_found',
    en: () => 'There is no such order.',
    de: () => 'Diesen Auftrag gibt es nicht.',
    advice: ({ order }) => `There is no order ${order}; GET /api/errands/orders lists yours.`,
  }),
  'errand-ended': says<{ state: string }>({
    code: 'conflict',
    en: ({ state }) => `This order is ${state === 'done' ? 'done' : 'cancelled'}: order it again.`,
    de: ({ state }) => `Dieser Auftrag ist ${state === 'done' ? 'erledigt' : 'gekündigt'}: gib ihn neu auf.`,
    advice: () => 'POST /api/errands/orders/ID/clone orders the same once more.',
  }),
  'too-many-errands': says<{ most: number }>({
    code: 'conflict',
    en: ({ most }, { whole }) => `You can have ${whole(most)} orders at a time: cancel some that you no longer need.`,
    de: ({ most }, { whole }) => `Du kannst ${whole(most)} Aufträge zugleich haben: kündige welche, die du nicht mehr brauchst.`,
  }),
  'errand-coins-short': says<{ needed: number; available: number }>({
    code: 'conflict',
    en: ({ needed, available }, { whole }) => `It costs ${whole(needed)} coins, and you have ${whole(available)}. Nothing was ordered.`,
    de: ({ needed, available }, { whole }) => `Es kostet ${whole(needed)} Taler, und du hast ${whole(available)}. Nichts wurde bestellt.`,
  }),
  'instrument-taken': says<{ instrument: string }>({
    code: 'conflict',
    en: ({ instrument }) => `Another order publishes ${instrument} already: choose another name.`,
    de: ({ instrument }) => `${instrument} veröffentlicht schon ein anderer Auftrag: wähle einen anderen Namen.`,
  }),
  'runs-open': says<{ most: number }>({
    code: 'conflict',
    en: ({ most }, { whole }) => `${whole(most)} runs that you asked for are still open: wait for their results.`,
    de: ({ most }, { whole }) => `${whole(most)} Abrufe, die du angestoßen hast, sind noch offen: warte auf ihre Ergebnisse.`,
  }),
};

const exampleRefusals = {
  'preview-running': says({
    code: 'too_many_requests',
    en: () => 'A test fetch is under way already: wait for its answer.',
    de: () => 'Ein Probeabruf läuft schon: warte auf seine Antwort.',
  }),
  'previews-often': says<{ seconds: number }>({
    code: 'too_many_requests',
    en: ({ seconds }, { whole }) => `You have tried many pages: the next one can be tried in ${whole(seconds)} s.`,
    de: ({ seconds }, { whole }) => `Du hast viele Seiten ausprobiert: die nächste geht in ${whole(seconds)} s.`,
  }),
  'previews-of-host': says<{ host: string; seconds: number }>({
    code: 'too_many_requests',
    en: ({ host, seconds }, { whole }) => `Pages of ${host} are being tried by many: yours can be tried in ${whole(seconds)} s.`,
    de: ({ host, seconds }, { whole }) => `Seiten von ${host} probieren gerade viele aus: deine geht in ${whole(seconds)} s.`,
  }),
  'no-example': says({
    code: 'conflict',
    en: () => 'This house has chosen its port by itself: its examples need a fixed one.',
    de: () => 'Dieses Haus hat seinen Port selbst gewählt: für die Beispiele braucht es einen festen.',
    advice: () => 'Start the house with PORT=3000 or another fixed port.',
  }),
};

const hostRefusals = {
  'host-loaded': says<{ host: string; perDay: number; left: number }>({
    code: 'conflict',
    en: ({ host, perDay, left }, { whole }) =>
      `${host} is fetched from at most ${whole(perDay)} times a day, and ${whole(left)} of these are free: choose a longer interval.`,
    de: ({ host, perDay, left }, { whole }) =>
      `${host} wird höchstens ${whole(perDay)}-mal am Tag abgerufen, und davon sind ${whole(left)} frei: wähle einen größeren Abstand.`,
  }),
  'robots-disallow': says<{ host: string }>({
    code: 'conflict',
    en: ({ host }) => `${host} does not allow programs to fetch this page (robots.txt).`,
    de: ({ host }) => `${host} erlaubt Programmen nicht, diese Seite abzurufen (robots.txt).`,
  }),
  'robots-silent': says<{ host: string }>({
    code: 'conflict',
    en: ({ host }) => `${host} does not say whether programs may fetch its pages, because it does not answer: try again later.`,
    de: ({ host }) =>
      `${host} antwortet nicht, auch nicht darauf, ob Programme seine Seiten abrufen dürfen: versuch es später noch einmal.`,
  }),
  'robots-pending': says<{ hosts: number }>({
    code: 'conflict',
    en: ({ hosts }, { whole }) =>
      `${whole(hosts)} hosts were not asked in time whether programs may fetch their pages: import the file again to go on. Nothing was ordered.`,
    de: ({ hosts }, { whole }) =>
      `${whole(hosts)} Server ließen sich nicht rechtzeitig fragen, ob Programme ihre Seiten abrufen dürfen: importiere die Datei noch einmal. Nichts wurde bestellt.`,
  }),
  'host-busy': says<{ host: string }>({
    code: 'conflict',
    en: ({ host }) => `${host} is being fetched from too often right now: try again in a minute.`,
    de: ({ host }) => `${host} wird gerade zu oft abgerufen: versuch es in einer Minute noch einmal.`,
  }),
};

const deskRefusals = {
  'shut-out': says({
    code: 'forbidden',
    en: () => 'This account may not fetch pages any more: its answers were found to be wrong.',
    de: () => 'Dieses Konto darf keine Seiten mehr holen: seine Antworten erwiesen sich als falsch.',
  }),
  'holds-too-many': says<{ most: number }>({
    code: 'too_many_requests',
    en: ({ most }) => `This machine holds ${most} runs already.`,
    de: ({ most }) => `Diese Maschine hält schon ${most} Läufe.`,
    advice: () => 'Complete or release some of them before you claim more.',
  }),
  'too-many-waiting': says<{ most: number }>({
    code: 'too_many_requests',
    en: ({ most }) => `At most ${most} claims of one account wait here at a time.`,
    de: ({ most }) => `Höchstens ${most} Anfragen eines Kontos warten hier gleichzeitig.`,
  }),
  'page-too-large': says<{ most: number }>({
    code: 'too_large',
    en: ({ most }) => `A page has at most ${most} bytes.`,
    de: ({ most }) => `Eine Seite hat höchstens ${most} Bytes.`,
    advice: () => 'Answer with the failure body_too_large instead.',
  }),
};

const resultRefusals = {
  'no-result': says<{ order: string; number: number }>({
    code: 'not_found',
    en: () => 'There is no such result, or it is not kept any more.',
    de: () => 'Dieses Ergebnis gibt es nicht, oder es wird nicht mehr aufbewahrt.',
    advice: ({ order }) => `GET /api/errands/orders/${order}/results lists those there are.`,
  }),
  'no-page': says<{ order: string; number: number }>({
    code: 'not_found',
    en: () => 'There is no page with this result.',
    de: () => 'Zu diesem Ergebnis gibt es keine Seite.',
  }),
  'no-webhook': says<{ order: string }>({
    code: 'conflict',
    en: () => 'This order has no webhook.',
    de: () => 'Dieser Auftrag hat keinen Webhook.',
  }),
};

export const errandsRefusals = {
  ...scheduleRefusals,
  ...addressRefusals,
  ...orderRefusals,
  ...exampleRefusals,
  ...hostRefusals,
  ...deskRefusals,
  ...resultRefusals,
  'errand-under-way': says<{ order: string }>({
    code: 'conflict',
    en: ({ order }) => `Errand ${order} is not done: cancel it, and the account can be closed as soon as its last runs are over.`,
    de: ({ order }) =>
      `Botengang ${order} ist nicht fertig: beende ihn, dann lässt sich das Konto schließen, sobald die letzten Gänge vorbei sind.`,
  }),
  'wages-under-way': says({
    code: 'conflict',
    en: () => 'Pages that you fetched are not paid yet: wait until they are, some minutes at most, and close the account then.',
    de: () => 'Seiten, die du geholt hast, sind noch nicht bezahlt: warte darauf, höchstens einige Minuten, und schließ das Konto dann.',
  }),
};
