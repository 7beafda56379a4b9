/** The words of the wallet, in German. */
import type { WalletWords } from './english.ts';

export const german: WalletWords = {
  title: 'Geldbeutel',
  toWallet: 'Zum Geldbeutel',
  available: 'Zum Ausgeben',
  inWallet: 'Im Beutel',
  held: 'Zurückgelegt',
  until: (at) => `bis ${at}`,
  yourNumber: 'Deine Kontonummer, für alle, die dir Taler senden wollen',
  faucet: 'Taler holen',
  faucetHint: 'Umsonst, einmal am Tag: dieses Haus ist eine Vorführung.',
  faucetGave: (amount) => `${amount} Taler sind in deinem Beutel`,
  send: 'Taler senden',
  sendSubmit: 'Senden',
  to: 'Kontonummer des Empfängers',
  toHint: '32 Buchstaben und Ziffern; sie steht in seinem Geldbeutel.',
  amount: 'Taler',
  memo: 'Notiz, für euch beide',
  sent: (amount) => `${amount} Taler sind gesendet`,
  statement: 'Auszug',
  csv: 'Als CSV',
  empty: 'Noch hat sich nichts bewegt',
  emptyHint: 'Jeder Taler, der kommt oder geht, steht hier, mit dem Stand danach.',
  number: 'Nr.',
  when: 'Wann',
  what: 'Was',
  change: 'Änderung',
  balance: 'Stand',
  kinds: {
    transfer: 'Überweisung',
    grant: 'Gutschrift',
    faucet: 'Brunnen',
    purchase: 'Einkauf',
    capture: 'Zahlung',
    refund: 'Erstattung',
  },
  counterparty: (id) => {
    const [kind, owner = ''] = id.split(':', 2);
    if (kind === 'wallet') return `Konto ${owner.slice(0, 8)}…`;
    return { 'house:mint': 'Die Münze', 'house:fees': 'Gebühren', 'house:escrow': 'Treuhand', 'revenue:shop': 'Der Laden' }[id] ?? id;
  },
};
