/** What the house itself writes into orders: stored in words, and told by name to pages in any language. */
const sentences = {
  'by-the-customer': 'cancelled by the customer',
  'payment-failed': 'the payment failed',
  'payment-overdue': 'the payment did not come in time',
  'payment-too-late': 'the payment came after the order was given up',
  'paid-through-provider': 'paid through the provider',
} as const;

export type HouseNote = keyof typeof sentences | 'refunded';
export const houseNotes: readonly HouseNote[] = [...(Object.keys(sentences) as (keyof typeof sentences)[]), 'refunded'];

export function noteOf(name: keyof typeof sentences): string {
  return sentences[name];
}

/** What a refund is in the history; its reason is told with the refund. */
export function refundNote(amount: number, reason: string): string {
  return `refunded ${amount}${reason === '' ? '' : `: ${reason}`}`;
}

/** Which of the house's own notes it is; null for what somebody wrote. */
export function houseNoteIn(note: string): HouseNote | null {
  if (/^refunded \d+(: |$)/.test(note)) return 'refunded';
  return houseNotes.find((name) => name !== 'refunded' && sentences[name] === note) ?? null;
}
