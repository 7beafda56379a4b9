/** The test provider: moves no money, but signs, delivers and refunds as real ones do. A holder of its secret can say "paid". */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { KontorError } from '#core/errors.ts';
import type { PaymentEvent, Payments, ReadEvent, SignedMessage } from '../../ports/payment.ts';

export interface TestPayments extends Payments {
  pretend(event: Omit<PaymentEvent, 'eventId'>, now: number): SignedMessage;
  /** Amounts refunded so far, by key: what a test looks at. */
  readonly refunds: ReadonlyMap<string, number>;
}

/** A message signed longer ago may have been overheard and sent again. */
const maxAgeMs = 5 * 60_000;
const maxRemembered = 10_000;

export function openTestPayments({ secret }: { readonly secret: string }): TestPayments {
  if (secret.length < 16) throw new KontorError('invalid_option', 'the payment secret must have at least 16 characters');
  const refunds = new Map<string, number>();
  const sign = (text: string) => createHmac('sha256', secret).update(text).digest('hex');

  return {
    name: 'test',
    signatureHeader: 'x-payment-signature',
    refunds,
    async begin({ reference, amount }) {
      // The same for the same reference, so that asking again begins nothing new.
      const paymentId = `test_${sign(`payment ${reference} ${amount}`).slice(0, 24)}`;
      return { paymentId, payAt: `/api/shop/orders/${reference}/test-payment` };
    },
    async refund({ key, amount }) {
      refunds.set(key, amount);
      const [oldest] = refunds.keys();
      if (refunds.size > maxRemembered && oldest !== undefined) refunds.delete(oldest);
    },
    readEvent(body, signature, now) {
      const [, at = '', given = ''] = /^t=(\d{1,16}),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
      const expected = sign(`${at}.${body}`);
      if (given === '' || !timingSafeEqual(Buffer.from(given), Buffer.from(expected))) return refused('its signature does not fit');
      if (Math.abs(now - Number(at)) > maxAgeMs) return refused('it was signed too long ago');
      return readBody(body);
    },
    pretend(event, now) {
      const eventId = `event_${sign(`${event.kind} ${event.paymentId}`).slice(0, 24)}`;
      const body = JSON.stringify({ ...event, eventId });
      return { body, signature: `t=${now},v1=${sign(`${now}.${body}`)}` };
    },
  };
}

function readBody(body: string): ReadEvent {
  try {
    const { eventId, kind, paymentId, reference, amount }: Partial<Record<keyof PaymentEvent, unknown>> = JSON.parse(body);
    const fits = [eventId, paymentId, reference].every((text) => typeof text === 'string' && text.length > 0 && text.length <= 100);
    if (!fits || (kind !== 'paid' && kind !== 'failed') || !Number.isSafeInteger(amount))
      return refused('it says nothing that is known here');
    return { outcome: 'genuine', event: { eventId, kind, paymentId, reference, amount } as PaymentEvent };
  } catch {
    return refused('it is no JSON');
  }
}

function refused(why: string): ReadEvent {
  return { outcome: 'refused', why };
}
