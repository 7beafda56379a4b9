/** What becomes of checkouts that are decided together: in their order, from what was read under locks. Pure: writes are elsewhere. */
import { type OrderPrice, type PaymentMethod, priceOrder, subtotalOf, type TaxMode } from './arithmetic.ts';
import { availableTo, countPieces, type Offer, type Pieces, type Shelf, type Short } from './goods.ts';
import { type KeepsTooMuch, type Kept, keepsTooMuch, nothingKept, tooManyUnpaid } from './keeping.ts';
import { type Promo, type PromoRefusal, promoRefusal, usesKey } from './promos.ts';

export interface CheckoutRequest {
  readonly accountId: string;
  readonly key: string;
  readonly bodyHash: string;
  /** What was collected before login joins the order. */
  readonly guestCartId: string | undefined;
  readonly payment: PaymentMethod;
  /** What the customer agreed to: another total is refused. */
  readonly expectedTotal: number;
  /** The address, as JSON. */
  readonly shipTo: string;
}

export type Refusal =
  | { readonly outcome: 'empty' }
  | { readonly outcome: 'gone'; readonly variantId: string }
  | Short
  | { readonly outcome: 'promo-refused'; readonly why: PromoRefusal }
  | KeepsTooMuch
  | { readonly outcome: 'price-changed'; readonly total: number }
  | { readonly outcome: 'insufficient'; readonly available: number; readonly total: number };

/** What an account ordered from: its own cart, the one of the guest it was, or both as one. */
export interface CartToOrder {
  readonly cartIds: readonly string[];
  readonly items: readonly Pieces[];
  readonly promoCode: string | undefined;
  readonly reserved: readonly Pieces[];
}

/** All that the decision depends on. */
export interface CheckoutBooks {
  /** By account. */
  readonly carts: ReadonlyMap<string, CartToOrder>;
  readonly offers: ReadonlyMap<string, Offer>;
  readonly shelves: ReadonlyMap<string, Shelf>;
  readonly promos: ReadonlyMap<string, Promo>;
  /** By `usesKey`. */
  readonly promoUses: ReadonlyMap<string, number>;
  /** Without payment, by account: for those whose order would wait for its payment. */
  readonly kept: ReadonlyMap<string, Kept>;
  /** Coins that can be spent, by account. */
  readonly available: ReadonlyMap<string, number>;
  readonly taxMode: TaxMode;
  readonly now: number;
}

export interface PlannedOrder {
  readonly outcome: 'planned';
  readonly request: CheckoutRequest;
  readonly cart: CartToOrder;
  /** One for each item of the cart, in its order. */
  readonly offers: readonly Offer[];
  readonly price: OrderPrice;
}

export type Plan = PlannedOrder | Refusal;

export function planCheckouts(requests: readonly CheckoutRequest[], books: CheckoutBooks): readonly Plan[] {
  const planner = new Planner(books);
  return requests.map((request) => planner.plan(request));
}

/** Plans one order after the other, from what those before it leave. */
class Planner {
  readonly #books: CheckoutBooks;
  readonly #pieces = new Map<string, number>();
  readonly #uses = new Map<string, number>();
  readonly #coins = new Map<string, number>();
  readonly #ordered = new Set<string>();

  constructor(books: CheckoutBooks) {
    this.#books = books;
  }

  plan(request: CheckoutRequest): Plan {
    const cart = this.#books.carts.get(request.accountId);
    // One cart makes one order: the second of two requests at once finds it empty.
    if (cart === undefined || cart.items.length === 0 || this.#ordered.has(request.accountId)) return { outcome: 'empty' };
    const offers: Offer[] = [];
    for (const { variantId } of cart.items) {
      const offer = this.#books.offers.get(variantId);
      if (offer === undefined || !offer.active) return { outcome: 'gone', variantId };
      offers.push(offer);
    }
    const lines = cart.items.map(({ quantity }, index) => ({ ...(offers[index] as Offer), quantity }));
    const promo = this.#promoFor(request, cart, subtotalOf(lines));
    if (promo !== undefined && 'name' in promo) return { outcome: 'promo-refused', why: promo };
    const price = priceOrder(lines, promo, this.#books.taxMode);
    if (price.total !== request.expectedTotal) return { outcome: 'price-changed', total: price.total };
    const refusal = this.#short(cart) ?? this.#keepsTooMuch(request, cart) ?? this.#insufficient(request, price.total);
    if (refusal !== undefined) return refusal;
    this.#take(request, cart, price.total);
    return { outcome: 'planned', request, cart, offers, price };
  }

  #promoFor({ accountId }: CheckoutRequest, { promoCode }: CartToOrder, subtotal: number): Promo | PromoRefusal | undefined {
    if (promoCode === undefined) return undefined;
    const stored = this.#books.promos.get(promoCode);
    const promo = stored && { ...stored, uses: stored.uses + (this.#uses.get(promoCode) ?? 0) };
    const key = usesKey(promoCode, accountId);
    return promoRefusal(promo, (this.#books.promoUses.get(key) ?? 0) + (this.#uses.get(key) ?? 0), subtotal, this.#books.now) ?? promo;
  }

  #short({ items, reserved }: CartToOrder): Refusal | undefined {
    for (const { variantId, quantity } of items) {
      const available =
        availableTo(this.#books.shelves.get(variantId), reservedOf(reserved, variantId)) - (this.#pieces.get(variantId) ?? 0);
      if (available < quantity) return { outcome: 'short', variantId, wanted: quantity, available };
    }
    return undefined;
  }

  #keepsTooMuch({ accountId, payment }: CheckoutRequest, { items }: CartToOrder): KeepsTooMuch | undefined {
    if (payment === 'coins') return undefined;
    const kept = this.#books.kept.get(accountId) ?? nothingKept;
    return tooManyUnpaid(kept) ?? keepsTooMuch(kept, items, this.#books.shelves);
  }

  #insufficient({ accountId, payment }: CheckoutRequest, total: number): Refusal | undefined {
    if (payment !== 'coins') return undefined;
    const available = (this.#books.available.get(accountId) ?? 0) - (this.#coins.get(accountId) ?? 0);
    return available < total ? { outcome: 'insufficient', available, total } : undefined;
  }

  #take({ accountId, payment }: CheckoutRequest, { items, reserved, promoCode }: CartToOrder, total: number): void {
    this.#ordered.add(accountId);
    for (const { variantId, quantity } of items) add(this.#pieces, variantId, quantity - reservedOf(reserved, variantId));
    if (payment === 'coins') add(this.#coins, accountId, total);
    if (promoCode === undefined) return;
    add(this.#uses, promoCode, 1);
    add(this.#uses, usesKey(promoCode, accountId), 1);
  }
}

function reservedOf(reserved: readonly Pieces[], variantId: string): number {
  return countPieces(reserved).get(variantId) ?? 0;
}

function add(counts: Map<string, number>, key: string, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}
