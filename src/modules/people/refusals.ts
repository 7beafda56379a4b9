/** Why people are refused: who they are is not proven, or what they ask for does not fit. */
import { says } from '#core/refusals.ts';

export const peopleRefusals = {
  'wait-seconds': says<{ seconds: number }>({
    code: 'too_many_requests',
    en: ({ seconds }) => `Too many attempts: try again in ${seconds} s.`,
    de: ({ seconds }) => `Zu viele Versuche: noch einmal in ${seconds} s.`,
  }),
  'many-logins': says({
    code: 'overloaded',
    en: () => 'Too many people are logging in right now: try again in a few seconds.',
    de: () => 'Gerade melden sich zu viele gleichzeitig an: versuch es in ein paar Sekunden noch einmal.',
  }),
  'wrong-login': says({
    code: 'unauthenticated',
    en: () => 'The address, the password or the code is wrong.',
    de: () => 'Adresse, Passwort oder Code stimmt nicht.',
  }),
  'account-locked': says({
    code: 'forbidden',
    en: () => 'An admin has locked this account.',
    de: () => 'Die Verwaltung hat dieses Konto gesperrt.',
  }),
  'wrong-password': says({
    code: 'invalid_input',
    en: () => 'This is not your present password.',
    de: () => 'Das ist nicht dein jetziges Passwort.',
  }),
  'wrong-code': says({
    code: 'conflict',
    en: () => 'This code is wrong. Check the clock of your phone: a new code comes every half minute.',
    de: () => 'Dieser Code stimmt nicht. Achte auf die Uhr deines Telefons: alle halbe Minute kommt ein neuer.',
  }),
  'password-short': says<{ least: number }>({
    code: 'invalid_input',
    en: ({ least }) => `A password has at least ${least} characters.`,
    de: ({ least }) => `Ein Passwort hat mindestens ${least} Zeichen.`,
  }),
  'password-long': says<{ most: number }>({
    code: 'invalid_input',
    en: ({ most }) => `A password has at most ${most} characters.`,
    de: ({ most }) => `Ein Passwort hat höchstens ${most} Zeichen.`,
  }),
  'password-own-name': says({
    code: 'invalid_input',
    en: () => 'A password must not be your own name or address.',
    de: () => 'Der eigene Name und die eigene Adresse sind kein Passwort.',
  }),
  'password-few-letters': says<{ least: number }>({
    code: 'invalid_input',
    en: ({ least }) => `A password has at least ${least} different characters.`,
    de: ({ least }) => `Ein Passwort hat mindestens ${least} verschiedene Zeichen.`,
  }),
  'password-common': says({
    code: 'invalid_input',
    en: () => 'This password is among the first that anybody would guess: choose another.',
    de: () => 'Dieses Passwort würde jeder zuerst raten: wähle ein anderes.',
  }),
  'second-factor-is-on': says({
    code: 'conflict',
    en: () => 'There is a second factor already: switch it off first.',
    de: () => 'Einen zweiten Faktor gibt es schon: schalte ihn erst aus.',
    advice: () => 'POST /api/people/me/second-factor/remove switches it off.',
  }),
  'second-factor-is-off': says({
    code: 'conflict',
    en: () => 'There is no second factor: switch it on first.',
    de: () => 'Es gibt keinen zweiten Faktor: schalte ihn erst ein.',
    advice: () => 'POST /api/people/me/second-factor begins it.',
  }),
  'link-expired': says({
    code: 'invalid_input',
    en: () => 'This link was used before or is too old: ask for another letter.',
    de: () => 'Dieser Link ist verbraucht oder zu alt: lass dir einen neuen Brief schicken.',
    advice: () => 'POST /api/people/sign-up or /api/people/password/forgotten sends one.',
  }),
  'same-email': says({
    code: 'invalid_input',
    en: () => 'This is your address already.',
    de: () => 'Das ist schon deine Adresse.',
  }),
  'admin-stays': says({
    code: 'conflict',
    en: () => 'An admin does not close the own account: another admin makes you a member first.',
    de: () => 'Wer zur Verwaltung gehört, schließt sein Konto nicht: erst macht dich jemand anderes dort zum Mitglied.',
  }),
  'letters-by-mail': says({
    code: 'not_found',
    en: () => 'Only a demonstration shows its letters: here they go by mail.',
    de: () => 'Nur eine Vorführung zeigt ihre Briefe: hier kommen sie mit der Post.',
  }),
  'bad-email': says({
    code: 'invalid_input',
    en: () => 'This is not an e-mail address such as ada@example.org.',
    de: () => 'Das ist keine E-Mail-Adresse wie ada@example.org.',
  }),
  'bad-name': says({
    code: 'invalid_input',
    en: () => 'A name is one line of text that is not blank.',
    de: () => 'Ein Name ist eine Zeile Text, die nicht leer ist.',
  }),
  'not-yourself': says({
    code: 'forbidden',
    en: () => 'You cannot change the role of your own account or lock it: ask another admin.',
    de: () =>
      'Die Rolle des eigenen Kontos kannst du nicht ändern, und sperren kannst du es nicht: das kann jemand anderes aus der Verwaltung.',
  }),
  'no-account': says({
    code: 'not_found',
    en: () => 'There is no such account.',
    de: () => 'Dieses Konto gibt es nicht.',
    advice: () => 'GET /api/people/accounts lists all.',
  }),
  'no-session': says({
    code: 'not_found',
    en: () => 'That session has ended already.',
    de: () => 'Diese Anmeldung ist schon beendet.',
    advice: () => 'GET /api/people/me/sessions lists yours.',
  }),
  'no-access-token': says({
    code: 'not_found',
    en: () => 'There is no such access token any more.',
    de: () => 'Diesen Zugangsschlüssel gibt es nicht mehr.',
    advice: () => 'GET /api/people/me/access-tokens lists yours.',
  }),
  'admin-scope': says({
    code: 'forbidden',
    en: () => 'Only an admin can make an access token with this scope.',
    de: () => 'Nur die Verwaltung kann einen Zugangsschlüssel machen, der das darf.',
  }),
  'access-tokens-full': says<{ most: number }>({
    code: 'conflict',
    en: ({ most }) => `There are ${most} access tokens already: revoke one that is no longer needed.`,
    de: ({ most }) => `Es gibt schon ${most} Zugangsschlüssel: widerrufe einen, der nicht mehr gebraucht wird.`,
  }),
  'no-signing-key': says({
    code: 'unavailable',
    en: () => 'There is no key to sign with yet: try again in a moment.',
    de: () => 'Noch gibt es keinen Schlüssel zum Signieren: versuch es gleich noch einmal.',
  }),
};
