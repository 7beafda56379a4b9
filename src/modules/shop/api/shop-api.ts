/** What the routes of the shop work with. */
import type { Ports } from '#core/ports/ports.ts';
import type { ShopTerms } from '../ports/ports.ts';
import type { CheckoutContext, CheckoutDesk } from '../store/checkout/checkout.ts';
import type { GuestCookie } from './cart/guest-cookie.ts';

export interface ShopApi {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'random' | 'log'>;
  readonly terms: ShopTerms;
  readonly desk: CheckoutDesk;
  readonly cookie: GuestCookie;
  context(): CheckoutContext;
}
