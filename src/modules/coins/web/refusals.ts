/** Why no coins move, in the reader's words: a sentence for each reason in every language. */
import type { CoinsReasons } from '#modules/coins/api/reasons.ts';
import type { Refusals } from '#web/refusals/refusal-table.ts';

export const coinsRefusals: Refusals<CoinsReasons> = {
  'own-account': {
    en: () => 'That is your own account: name another.',
    de: () => 'Das ist dein eigenes Konto: nenne ein anderes.',
  },
  'no-receiver': {
    en: () => 'There is no such account: ask the receiver for the number that stands in his wallet.',
    de: () => 'Dieses Konto gibt es nicht: frag den Empfänger nach der Nummer in seinem Geldbeutel.',
  },
  'amount-beyond': {
    en: ({ available }, { whole }) => `You can spend ${whole(available)} coins at most. Nothing was sent.`,
    de: ({ available }, { whole }) => `Du kannst höchstens ${whole(available)} Taler ausgeben. Nichts wurde gesendet.`,
  },
  'refused-before': {
    en: () => 'There were too few coins for this before: try it again as a new one.',
    de: () => 'Dafür waren es vorhin zu wenige Taler: versuch es noch einmal neu.',
  },
  'faucet-closed': {
    en: () => 'Coins are given for nothing in a demonstration only.',
    de: () => 'Taler umsonst gibt es nur in einer Vorführung.',
  },
  'faucet-empty': {
    en: () => 'You had your coins today: come back tomorrow.',
    de: () => 'Für heute hast du deine Taler: komm morgen wieder.',
  },
};
