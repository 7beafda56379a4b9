/** The port that the shop brings itself. */
import type { ShopSettings } from '../domain/settings.ts';
import type { Payments } from './payment.ts';

export interface OwnPorts {
  /** Payment beside coins; undefined where none is offered. */
  readonly payments: Payments | undefined;
}

/** What the shop was told, and how it is paid. */
export type ShopTerms = ShopSettings & OwnPorts;
