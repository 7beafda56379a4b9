/** The words of the wishes. */
import { areaWords } from '#web/language/area-words.ts';

const english = {
  title: 'Wishes of the harbour',
  make: 'Make a wish',
  text: 'Your wish',
  cost: (coins: string) => `It costs ${coins} coins, and everybody can read it.`,
  made: 'Your wish hangs in the harbour.',
  wishes: 'Wishes',
  when: 'When',
  price: 'Price',
  none: 'Nobody has wished for anything yet',
  noneHint: 'Log in and make the first wish.',
};

const german: typeof english = {
  title: 'Wünsche des Hafens',
  make: 'Wünsch dir was',
  text: 'Dein Wunsch',
  cost: (coins) => `Er kostet ${coins} Taler, und alle können ihn lesen.`,
  made: 'Dein Wunsch hängt im Hafen.',
  wishes: 'Wünsche',
  when: 'Wann',
  price: 'Preis',
  none: 'Noch hat sich niemand etwas gewünscht',
  noneHint: 'Melde dich an, und wünsch dir als Erstes etwas.',
};

export const useWishesWords = areaWords({ en: english, de: german });
