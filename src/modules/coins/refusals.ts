/** Why no coins move. */
import { says } from '#core/refusals.ts';

export const coinsRefusals = {
  'own-account': says({
    code: 'invalid_input',
    en: () => 'That is your own account: name another.',
    de: () => 'Das ist dein eigenes Konto: nenne ein anderes.',
  }),
  'no-receiver': says<{ account: string }>({
    code: 'not_found',
    en: () => 'There is no such account: ask the receiver for the account number in their wallet.',
    de: () => 'Dieses Konto gibt es nicht: frag den Empfänger nach der Nummer in seinem Geldbeutel.',
    advice: ({ account }) => `The account asked for is ${account}; GET /api/coins/wallet tells its owner the number.`,
  }),
  'amount-beyond': says<{ available: number }>({
    code: 'conflict',
    en: ({ available }, { whole }) => `You can spend ${whole(available)} coins at most. Nothing was sent.`,
    de: ({ available }, { whole }) => `Du kannst höchstens ${whole(available)} Taler ausgeben. Nichts wurde gesendet.`,
    advice: () => 'Send a smaller amount with a new Idempotency-Key.',
  }),
  'refused-before': says({
    code: 'conflict',
    en: () => 'This request was refused before because there were too few coins. Nothing was sent: send it again as a new request.',
    de: () => 'Dafür waren es vorhin zu wenige Taler: versuch es noch einmal neu.',
    advice: () => 'A new request has a new Idempotency-Key.',
  }),
  'faucet-closed': says({
    code: 'forbidden',
    en: () => 'Coins are given for nothing in a demonstration only.',
    de: () => 'Taler umsonst gibt es nur in einer Vorführung.',
    advice: () => 'Earn coins, or ask an admin.',
  }),
  'faucet-empty': says<{ amount: number }>({
    code: 'conflict',
    en: () => 'You have had your coins for today: come back tomorrow.',
    de: () => 'Für heute hast du deine Taler: komm morgen wieder.',
    advice: ({ amount }) => `The faucet gives ${amount} coins once a day; a day begins at midnight UTC.`,
  }),
  'coins-held': says<{ held: number }>({
    code: 'conflict',
    en: ({ held }, { whole }) => `${whole(held)} coins are set aside for something: the account can be closed when that is over.`,
    de: ({ held }, { whole }) => `${whole(held)} Taler sind für etwas zurückgelegt: das Konto lässt sich schließen, wenn das vorbei ist.`,
  }),
};
