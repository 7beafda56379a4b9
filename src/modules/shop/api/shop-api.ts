/** What the routes of the shop work with. */
import type { FastifyRequest } from 'fastify';
import type { Ports } from '#core/ports/ports.ts';
import { inDemo } from '#http/sessions.ts';
import type { SignedCookie } from '#http/signed-cookie.ts';
import type { Payments } from '../ports/payment.ts';
import type { ShopTerms } from '../ports/ports.ts';
import type { CheckoutContext, CheckoutDesk } from '../store/checkout/checkout.ts';

export interface ShopApi {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'random' | 'log' | 'metrics'>;
  readonly terms: ShopTerms;
  readonly desk: CheckoutDesk;
  /** Names a guest's cart. */
  readonly cookie: SignedCookie;
  context(): CheckoutContext;
}

/** How an order of this request can be paid beside coins. */
export function paymentsFor({ payments, paymentsOnlyInDemo }: ShopTerms, request: FastifyRequest): Payments | undefined {
  return paymentsOnlyInDemo && !inDemo(request) ? undefined : payments;
}
