/** The words of the wallet, in English. german.ts has the same shape. */
import type { Static } from 'typebox';
import type { Entry } from '#modules/coins/api/schemas.ts';

export const english = {
  title: 'Wallet',
  available: 'To spend',
  inWallet: 'In the wallet',
  held: 'Set aside',
  until: (at: string) => `until ${at}`,
  yourNumber: 'Your account number, for people who send you coins',
  faucet: 'Get coins',
  faucetHint: (coins: string) => `${coins} coins, free, once a day: this house is a demonstration.`,
  faucetAgain: (coins: string, at: string) => `You have taken the free coins of today. The next ${coins} are here from ${at}.`,
  faucetTooLittle: (coins: string) => `The ${coins} free coins of a day are not enough for this.`,
  whatHelps: 'What helps:',
  letSend: 'let somebody send you coins',
  faucetGave: (amount: string) => `${amount} coins are in your wallet`,
  send: 'Send coins',
  sendSubmit: 'Send',
  to: 'Account number of the receiver',
  toHint: '32 letters and digits; it is shown in their wallet.',
  amount: 'Coins',
  memo: 'Note, for both of you',
  sent: (amount: string) => `${amount} ${amount === '1' ? 'coin' : 'coins'} sent`,
  statement: 'Statement',
  csv: 'As CSV',
  empty: 'No entries yet',
  emptyHint: 'Everything that comes in and goes out is listed here, with the balance after it.',
  number: 'No.',
  when: 'When',
  what: 'What',
  change: 'Change',
  balance: 'Balance',
  kinds: {
    transfer: 'Transfer',
    grant: 'Grant',
    faucet: 'Faucet',
    purchase: 'Purchase',
    capture: 'Payment',
    refund: 'Refund',
  } satisfies Record<Static<typeof Entry>['kind'], string>,
  account: (beginning: string) => `Account ${beginning}…`,
};

export type WalletWords = typeof english;
