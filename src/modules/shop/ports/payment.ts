/**
 * Payment: an outside provider that takes money for an order, beside coins.
 *
 * Promises:
 * - `begin` is idempotent by `reference`: asked again, it gives the same payment, and the customer pays once;
 * - `refund` is idempotent by `key`: asked again, nothing more goes back;
 * - the provider's events come to a webhook, at least once and in any order: each must be applied once;
 * - `readEvent` refuses what the provider has not signed, and what was signed too long ago.
 */
interface PaymentRequest {
  /** What is paid for, such as an order's id: names the payment. */
  readonly reference: string;
  /** Whole coins. */
  readonly amount: number;
}

interface StartedPayment {
  readonly paymentId: string;
  /** Where the customer pays. */
  readonly payAt: string;
}

interface RefundRequest {
  readonly paymentId: string;
  readonly amount: number;
  readonly key: string;
}

export interface PaymentEvent {
  /** The same however often it is delivered. */
  readonly eventId: string;
  readonly kind: 'paid' | 'failed';
  readonly paymentId: string;
  readonly reference: string;
  readonly amount: number;
}

export interface SignedMessage {
  readonly body: string;
  readonly signature: string;
}

export type ReadEvent =
  | { readonly outcome: 'genuine'; readonly event: PaymentEvent }
  | { readonly outcome: 'refused'; readonly why: string };

export interface Payments {
  /** Shown to customers and stored with each payment, such as `test`. */
  readonly name: string;
  /** The header that carries the provider's signature, in lower case. */
  readonly signatureHeader: string;
  begin(request: PaymentRequest): Promise<StartedPayment>;
  refund(request: RefundRequest): Promise<void>;
  readEvent(body: string, signature: string, now: number): ReadEvent;
  /** Only where no real money moves: what the provider would send once the customer has decided. */
  pretend?(event: Omit<PaymentEvent, 'eventId'>, now: number): SignedMessage;
}
