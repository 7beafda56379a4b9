/** The shop's arithmetic and rules: what an order costs, what a refund gives back, which state follows which. No I/O, no clock. */
import { invariant } from '#core/errors.ts';
import type { Pieces } from './goods.ts';

/** Whether listed prices contain the tax, or it is added on top. */
export type TaxMode = 'included' | 'added';

export const maxPrice = 1_000_000;
export const maxQuantity = 99;
export const maxCartLines = 50;

/** What a line's price follows from. */
export interface LineToPrice {
  readonly unitPrice: number;
  readonly quantity: number;
  readonly taxBasisPoints: number;
}

/** `gross` is what the customer pays: net + tax. All in whole coins. */
interface LinePrice {
  readonly discount: number;
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
}

export interface OrderPrice {
  /** Before discount, at listed prices. */
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
  readonly lines: readonly LinePrice[];
}

export interface Discount {
  readonly kind: 'percent' | 'amount';
  readonly value: number;
  readonly minSubtotal: number;
}

export function subtotalOf(lines: readonly LineToPrice[]): number {
  return lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
}

export function priceOrder(lines: readonly LineToPrice[], discount: Discount | undefined, taxMode: TaxMode): OrderPrice {
  const subtotal = subtotalOf(lines);
  const off = discount === undefined ? 0 : discountOn(subtotal, discount);
  let listedBefore = 0;
  const priced = lines.map(({ unitPrice, quantity, taxBasisPoints }) => {
    const listed = unitPrice * quantity;
    const itsDiscount = shareUpTo(off, listedBefore + listed, subtotal) - shareUpTo(off, listedBefore, subtotal);
    listedBefore += listed;
    return priceLine(listed - itsDiscount, itsDiscount, taxBasisPoints, taxMode);
  });
  const sum = (field: keyof LinePrice) => priced.reduce((total, line) => total + line[field], 0);
  invariant(sum('discount') === off, `the lines' discounts sum to ${sum('discount')} instead of ${off}`);
  return { subtotal, discount: off, tax: sum('tax'), total: sum('gross'), lines: priced };
}

function priceLine(amount: number, discount: number, taxBasisPoints: number, taxMode: TaxMode): LinePrice {
  if (taxMode === 'added') {
    const tax = Math.round((amount * taxBasisPoints) / 10_000);
    return { discount, net: amount, tax, gross: amount + tax };
  }
  const net = Math.round((amount * 10_000) / (10_000 + taxBasisPoints));
  return { discount, net, tax: amount - net, gross: amount };
}

/** At least one coin remains to be paid: a payment of nothing is no payment. */
function discountOn(subtotal: number, { kind, value, minSubtotal }: Discount): number {
  if (subtotal < minSubtotal) return 0;
  const off = kind === 'percent' ? Math.floor((subtotal * value) / 100) : value;
  return Math.max(0, Math.min(off, subtotal - 1));
}

/** Cut so that the shares of all parts sum to the whole: floor(whole · part / all). The product does not fit a double. */
function shareUpTo(whole: number, part: number, all: number): number {
  return all === 0 ? 0 : Number((BigInt(whole) * BigInt(part)) / BigInt(all));
}

/** What goes back for `returning` more pieces of a line: over all its pieces together, exactly its gross. */
export function refundShare(gross: number, quantity: number, refundedBefore: number, returning: number): number {
  return shareUpTo(gross, refundedBefore + returning, quantity) - shareUpTo(gross, refundedBefore, quantity);
}

export const orderStates = ['awaiting_payment', 'paid', 'packed', 'shipped', 'delivered', 'cancelled', 'returned'] as const;
export type OrderState = (typeof orderStates)[number];
/** Somebody has to do something for orders in these. */
export const openStates = ['awaiting_payment', 'paid', 'packed', 'shipped'] as const satisfies readonly OrderState[];

const followers: Readonly<Record<OrderState, readonly OrderState[]>> = {
  awaiting_payment: ['paid', 'cancelled'],
  paid: ['packed', 'cancelled'],
  packed: ['shipped', 'cancelled'],
  shipped: ['delivered', 'returned'],
  delivered: ['returned'],
  cancelled: [],
  returned: [],
};

export type PaymentMethod = 'coins' | 'provider';

export function statesAfter(state: OrderState): readonly OrderState[] {
  return followers[state];
}

/** What a guest collected is added to what the member already had, within the limits. */
export function mergeCarts(member: readonly Pieces[], guest: readonly Pieces[]): readonly Pieces[] {
  const quantities = new Map(member.map(({ variantId, quantity }) => [variantId, quantity]));
  for (const { variantId, quantity } of guest) {
    const had = quantities.get(variantId);
    if (had === undefined && quantities.size >= maxCartLines) continue;
    quantities.set(variantId, Math.min(maxQuantity, (had ?? 0) + quantity));
  }
  return [...quantities].map(([variantId, quantity]) => ({ variantId, quantity }));
}

/** The price of a piece on the tape: what was really paid before added tax, in cents of a coin, never less than one. */
export function tapePriceCents(unitPrice: number, quantity: number, discount: number): number {
  return Math.max(1, Math.round(((unitPrice * quantity - discount) * 100) / quantity));
}

const orderAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 60 bits of chance as people can read them out: `KO-7G2M-Q0ZD-41XB`. */
export function orderIdFrom(randomHex: string): string {
  let bits = BigInt(`0x${randomHex.slice(0, 15)}`);
  let text = '';
  for (let place = 0; place < 12; place += 1) {
    text += orderAlphabet[Number(bits & 31n)];
    bits >>= 5n;
  }
  return `KO-${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}
