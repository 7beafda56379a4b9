/** The words of the wallet, in English. german.ts has the same shape. */
import type { Static } from 'typebox';
import type { Entry } from '#modules/coins/api/schemas.ts';

export const english = {
  title: 'Wallet',
  toWallet: 'To the wallet',
  available: 'To spend',
  inWallet: 'In the wallet',
  held: 'Set aside',
  until: (at: string) => `until ${at}`,
  yourNumber: 'Your account number, for people who send you coins',
  faucet: 'Get coins',
  faucetHint: 'Free, once a day: this house is a demonstration.',
  faucetGave: (amount: string) => `${amount} coins are in your wallet`,
  send: 'Send coins',
  sendSubmit: 'Send',
  to: 'Account number of the receiver',
  toHint: '32 letters and digits; it is shown in their wallet.',
  amount: 'Coins',
  memo: 'Note, for both of you',
  sent: (amount: string) => `${amount} coins sent`,
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
  counterparty: (id: string) => {
    const [kind, owner = ''] = id.split(':', 2);
    if (kind === 'wallet') return `Account ${owner.slice(0, 8)}…`;
    return { 'house:mint': 'The mint', 'house:fees': 'Fees', 'house:escrow': 'Escrow', 'revenue:shop': 'The shop' }[id] ?? id;
  },
};

export type WalletWords = typeof english;
