/** Why the shop refuses, by stable names with what each tells; the pages say it in their reader's language. */
import type { Nothing } from '#core/errors.ts';
import type { OrderState } from '../domain/arithmetic.ts';

export type PromoReasons = {
  'promo-unknown': Nothing;
  'promo-not-yet': { code: string; from: number };
  'promo-over': { code: string };
  'promo-used-up': { code: string };
  'promo-used-by-you': { code: string; times: number };
  'promo-minimum': { code: string; coins: number };
};

export type ShopReasons = PromoReasons & {
  'no-product': { id: string };
  'no-variant': { id: string };
  'no-order': { id: string };
  'no-promo': { code: string };
  'cart-empty': Nothing;
  'cart-full': { most: number };
  'no-longer-sold': { variant: string };
  'sold-out': { variant: string };
  'few-left': { variant: string; left: number; wanted: number };
  'total-changed': { total: number };
  'coins-short': { total: number; available: number };
  'coins-only': Nothing;
  'state-cannot': { state: OrderState };
  'too-late-to-cancel': { state: OrderState };
  'waits-for-no-payment': { state: OrderState };
  'never-paid': { state: OrderState };
  'payment-mismatch': { order: string };
  'no-line': { line: number };
  'refund-coins': { left: number };
  'refund-pieces': { line: number; left: number };
  'refund-one-kind': Nothing;
  'no-category': { category: string };
  'variant-twice': Nothing;
  'variant-of-another': { variant: string; product: string };
  'no-pieces': Nothing;
  'pieces-left': { variant: string; most: number };
  'promo-too-short': Nothing;
  'promo-percent': Nothing;
  'promo-ends-first': Nothing;
  'promo-used-more': { code: string };
  'csv-empty': Nothing;
  'csv-too-long': { most: number };
  'csv-columns': { columns: string };
  'csv-row': Nothing;
  'csv-field': { column: string; value: string };
  'csv-variant-twice': { variant: string };
  'csv-differs': { column: string; product: string };
  'csv-variants': { product: string; most: number };
};
