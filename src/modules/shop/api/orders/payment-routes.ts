/** The payment provider's webhook, and, where the provider is the test one, the button that stands for its page. */
import { type Route, route } from '#http/route.ts';
import type { Payments } from '../../ports/payment.ts';
import { pretendPayment, takePayment } from '../../store/orders/provider-payments.ts';
import type { ShopApi } from '../shop-api.ts';
import * as contracts from './contracts.ts';

export function paymentRoutes({ ports: { state }, context }: ShopApi, payments: Payments): readonly Route[] {
  const webhook = route(contracts.takePaymentEvent, async ({ body, request }) => {
    const message = { body: body.toString(), signature: String(request.headers[payments.signatureHeader] ?? '') };
    return { outcome: await takePayment(state, payments, message, context()) };
  });
  if (payments.pretend === undefined) return [webhook];

  const button = route(contracts.payAtTestProvider, async ({ account, params: { id }, body: { outcome } }) => ({
    outcome: await pretendPayment(state, payments, { orderId: id, accountId: account.id, kind: outcome }, context()),
  }));
  return [webhook, button];
}
