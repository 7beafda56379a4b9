/** Why people are refused, in the reader's words: a sentence for each reason in every language. */
import type { PeopleReasons } from '#modules/people/domain/reasons.ts';
import type { Refusals } from '#web/refusals/refusal-table.ts';

export const peopleRefusals: Refusals<PeopleReasons> = {
  'wait-seconds': {
    en: ({ seconds }) => `Too many attempts: try again in ${seconds} s.`,
    de: ({ seconds }) => `Zu viele Versuche: noch einmal in ${seconds} s.`,
  },
  'wrong-login': {
    en: () => 'The address, the password or the code is not right.',
    de: () => 'Adresse, Passwort oder Code stimmt nicht.',
  },
  'account-locked': {
    en: () => 'An admin has locked this account.',
    de: () => 'Die Verwaltung hat dieses Konto gesperrt.',
  },
  'wrong-password': {
    en: () => 'This is not your present password.',
    de: () => 'Das ist nicht dein jetziges Passwort.',
  },
  'wrong-code': {
    en: () => 'The code is not right: see that the clock of your phone is, and type the present one.',
    de: () => 'Der Code stimmt nicht: sieh nach, ob die Uhr deines Telefons stimmt, und tippe den jetzigen.',
  },
  'password-short': {
    en: ({ least }) => `A password has at least ${least} characters.`,
    de: ({ least }) => `Ein Passwort hat mindestens ${least} Zeichen.`,
  },
  'password-long': {
    en: ({ most }) => `A password has at most ${most} characters.`,
    de: ({ most }) => `Ein Passwort hat höchstens ${most} Zeichen.`,
  },
  'password-own-name': {
    en: () => 'Your own name or address is no password.',
    de: () => 'Der eigene Name und die eigene Adresse sind kein Passwort.',
  },
  'password-few-letters': {
    en: ({ least }) => `A password has at least ${least} different characters.`,
    de: ({ least }) => `Ein Passwort hat mindestens ${least} verschiedene Zeichen.`,
  },
  'password-common': {
    en: () => 'This password is among the first that anybody would guess: choose another.',
    de: () => 'Dieses Passwort würde jeder zuerst raten: wähle ein anderes.',
  },
  'second-factor-is-on': {
    en: () => 'There is a second factor already: switch it off first.',
    de: () => 'Einen zweiten Faktor gibt es schon: schalte ihn erst aus.',
  },
  'second-factor-is-off': {
    en: () => 'There is no second factor: switch it on first.',
    de: () => 'Es gibt keinen zweiten Faktor: schalte ihn erst ein.',
  },
  'letter-worthless': {
    en: () => 'This link is used up or too old: ask for another letter.',
    de: () => 'Dieser Link ist verbraucht oder zu alt: lass dir einen neuen Brief schicken.',
  },
  'letters-by-mail': {
    en: () => 'Letters go by mail here.',
    de: () => 'Briefe kommen hier mit der Post.',
  },
  'bad-email': {
    en: () => 'This is no e-mail address such as ada@example.org.',
    de: () => 'Das ist keine E-Mail-Adresse wie ada@example.org.',
  },
  'bad-name': {
    en: () => 'A name has something to read in it, on one line.',
    de: () => 'Ein Name hat etwas zu lesen, in einer Zeile.',
  },
  'not-yourself': {
    en: () => 'Nobody may lock or demote himself: ask another admin.',
    de: () => 'Niemand kann sich selbst sperren oder herabstufen: das kann ein anderer aus der Verwaltung.',
  },
  'no-account': {
    en: () => 'There is no such account.',
    de: () => 'Dieses Konto gibt es nicht.',
  },
  'no-session': {
    en: () => 'That session has ended already.',
    de: () => 'Diese Anmeldung ist schon beendet.',
  },
  'no-access-token': {
    en: () => 'There is no such access token any more.',
    de: () => 'Dieses Zugangstoken gibt es nicht mehr.',
  },
  'admin-scope': {
    en: () => 'Only an admin may make a token with these rights.',
    de: () => 'Nur die Verwaltung kann ein Token mit diesen Rechten machen.',
  },
  'access-tokens-full': {
    en: ({ most }) => `There are ${most} access tokens already: revoke one that is not needed any more.`,
    de: ({ most }) => `Es gibt schon ${most} Zugangstoken: widerrufe eines, das nicht mehr gebraucht wird.`,
  },
};
