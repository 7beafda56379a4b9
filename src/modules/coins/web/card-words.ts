/** The words of the wallet on the overview: few, because every visitor of the overview loads them. */
import { areaWords } from '#web/language/area-words.ts';

const english = {
  title: 'Your wallet',
  stranger: 'One account for all four markets. It takes half a minute, and coins are a gift of the house.',
  member: 'Coins that can be spent in every market',
  open: 'Wallet and statement',
  earn: 'Earn coins',
};
const german: typeof english = {
  title: 'Dein Geldbeutel',
  stranger: 'Ein Konto für alle vier Märkte. Das dauert eine halbe Minute, und Taler schenkt das Haus.',
  member: 'Taler, die auf jedem Markt gelten',
  open: 'Geldbeutel und Auszug',
  earn: 'Taler verdienen',
};

export const useCardWords = areaWords({ en: english, de: german });
