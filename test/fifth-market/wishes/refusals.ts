/** Why a wish is not made. */
import { says } from '#core/refusals.ts';

export const wishesRefusals = {
  'wish-empty': says({
    code: 'invalid_input',
    en: () => 'A wish has at least one letter.',
    de: () => 'Ein Wunsch hat mindestens einen Buchstaben.',
  }),
  'wish-unpaid': says<{ price: number; available: number }>({
    code: 'conflict',
    en: ({ price, available }, { whole }) => `A wish costs ${whole(price)} coins, and there are ${whole(available)} in your wallet.`,
    de: ({ price, available }, { whole }) => `Ein Wunsch kostet ${whole(price)} Taler, und in deinem Geldbeutel sind ${whole(available)}.`,
    advice: () => 'Nothing was paid: the same request can be sent again.',
  }),
};
