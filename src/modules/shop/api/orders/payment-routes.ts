/** The payment provider's webhook, and, where the provider is the test one, the button that stands for its page. */
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import type { Payments } from '../../ports/payment.ts';
import { shopRefusals } from '../../refusals.ts';
import { pretendPayment, takePayment } from '../../store/orders/provider-payments.ts';
import { paymentsFor, type ShopApi } from '../shop-api.ts';
import * as contracts from './contracts.ts';

export function paymentRoutes({ ports: { state }, terms, context }: ShopApi, payments: Payments): readonly Route[] {
  const webhook = route(contracts.takePaymentEvent, async ({ body, request }) => {
    const message = { body: body.toString(), signature: String(request.headers[payments.signatureHeader] ?? '') };
    return { outcome: await takePayment(state, payments, message, context()) };
  });
  if (payments.pretend === undefined) return [webhook];

  const button = route(contracts.payAtTestProvider, async ({ account, params: { id }, body: { outcome }, request }) => {
    if (paymentsFor(terms, request) === undefined) throw refuse(shopRefusals, 'coins-only');
    return { outcome: await pretendPayment(state, payments, { orderId: id, accountId: account.id, kind: outcome }, context()) };
  });
  return [webhook, button];
}
