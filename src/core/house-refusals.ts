/** What any part of the house refuses, whatever the request is about. */
import { says } from './refusals.ts';

/** Of a field that does not fit its schema; the server's own words say more, such as what the field was. */
export const fieldRefusals = {
  'field-missing': says({
    code: 'invalid_input',
    en: () => 'is missing',
    de: () => 'fehlt',
  }),
  'field-unknown': says({
    code: 'invalid_input',
    en: () => 'is not known here',
    de: () => 'ist hier nicht bekannt',
  }),
  'field-least': says<{ least: number }>({
    code: 'invalid_input',
    en: ({ least }, { whole }) => `must be at least ${whole(least)}`,
    de: ({ least }, { whole }) => `muss mindestens ${whole(least)} sein`,
  }),
  'field-most': says<{ most: number }>({
    code: 'invalid_input',
    en: ({ most }, { whole }) => `must be at most ${whole(most)}`,
    de: ({ most }, { whole }) => `darf höchstens ${whole(most)} sein`,
  }),
  'field-short': says<{ least: number }>({
    code: 'invalid_input',
    en: ({ least }) => `is too short: at least ${least}`,
    de: ({ least }) => `ist zu kurz: mindestens ${least}`,
  }),
  'field-long': says<{ most: number }>({
    code: 'invalid_input',
    en: ({ most }) => `is too long: at most ${most}`,
    de: ({ most }) => `ist zu lang: höchstens ${most}`,
  }),
  'field-wrong': says({
    code: 'invalid_input',
    en: () => 'does not have the right form',
    de: () => 'hat nicht die richtige Form',
  }),
};

export const houseRefusals = {
  ...fieldRefusals,
  'open-of-address': says<{ most: number }>({
    code: 'too_many_requests',
    en: ({ most }, { whole }) => `At most ${whole(most)} connections of one address stay open here: close some of them.`,
    de: ({ most }, { whole }) => `Von einer Adresse bleiben hier höchstens ${whole(most)} Verbindungen offen: schließ einige davon.`,
  }),
  'open-of-account': says<{ most: number }>({
    code: 'too_many_requests',
    en: ({ most }, { whole }) => `At most ${whole(most)} connections of one account stay open here: close some of them.`,
    de: ({ most }, { whole }) => `Von einem Konto bleiben hier höchstens ${whole(most)} Verbindungen offen: schließ einige davon.`,
  }),
  'key-reused': says({
    code: 'conflict',
    en: () => 'This was sent before with something else in it: reload the page, and try again.',
    de: () => 'Das wurde schon mit anderem Inhalt geschickt: lade die Seite neu, und versuch es noch einmal.',
    advice: () => 'Programs: give every new request an Idempotency-Key of its own, and repeat a request unchanged.',
  }),
};
