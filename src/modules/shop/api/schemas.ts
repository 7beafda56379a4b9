/** The shop's API in schemas: they validate, serialise and document the routes, and type the browser app. */
import { type Static, Type } from 'typebox';
import { houseNotes } from '../domain/house-notes.ts';

const Reason = Type.Object({
  name: Type.String(),
  values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
});
const coins = (description: string) => Type.Integer({ minimum: 0, description: `${description}, in coins` });
const at = (description: string) => Type.Integer({ description: `${description}, milliseconds since 1970` });
const orNull = <Schema extends ReturnType<typeof Type.Integer>>(schema: Schema) => Type.Union([schema, Type.Null()]);

const slugPattern = '^[a-z0-9]+(-[a-z0-9]+)*$';
export const ProductId = Type.String({ pattern: slugPattern, maxLength: 80, description: 'Such as `darjeeling-first-flush`' });
export const CategoryId = Type.String({ pattern: slugPattern, maxLength: 40, description: 'Such as `tea`' });
export const VariantId = Type.String({
  pattern: '^[A-Z0-9]+(-[A-Z0-9]+)*$',
  maxLength: 60,
  description: 'The article number, such as `TEA-001-100G`',
});
export const OrderId = Type.String({ pattern: '^KO-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$', description: 'Such as `KO-7G2M-Q0ZD-41XB`' });
export const PromoCode = Type.String({ pattern: '^[A-Za-z0-9 ._-]{2,40}$', description: 'Case and spaces do not matter' });

const ShopCategory = Type.Object(
  {
    id: CategoryId,
    name: Type.String(),
    instrument: Type.String({ description: 'The company on the stocks tape that stands for its sales' }),
    taxBasisPoints: Type.Integer({ description: 'Tax in hundredths of a percent' }),
  },
  { $id: 'ShopCategory' },
);
export const ShopCategories = Type.Object({
  categories: Type.Array(ShopCategory),
  taxMode: Type.Union([Type.Literal('included'), Type.Literal('added')], { description: 'Whether prices contain the tax' }),
  payments: Type.Array(Type.Union([Type.Literal('coins'), Type.Literal('provider')]), { description: 'Ways to pay' }),
});
export type ShopCategories = Static<typeof ShopCategories>;

export const ProductsQuery = Type.Object(
  {
    text: Type.Optional(Type.String({ maxLength: 100, description: 'Words to look for; slips are forgiven' })),
    category: Type.Optional(CategoryId),
    minPrice: Type.Optional(coins('Lowest price wanted')),
    maxPrice: Type.Optional(coins('Highest price wanted')),
    inStock: Type.Optional(Type.Boolean({ description: 'Only what can be delivered' })),
    sort: Type.Enum(['relevance', 'popular', 'newest', 'name', 'price', 'price-down'], {
      default: 'relevance',
      description: 'Without a text, `relevance` means popular',
    }),
    page: Type.Integer({ minimum: 1, maximum: 10_000, default: 1 }),
    pageSize: Type.Integer({ minimum: 1, maximum: 100, default: 24 }),
  },
  { additionalProperties: false },
);
export type ProductsQuery = Static<typeof ProductsQuery>;

export const ProductCard = Type.Object(
  {
    id: ProductId,
    name: Type.String(),
    category: CategoryId,
    lowestPrice: coins('Of its variants'),
    highestPrice: coins('Of its variants'),
    inStock: Type.Boolean(),
  },
  { $id: 'ProductCard' },
);
export type ProductCard = Static<typeof ProductCard>;

export const ProductPage = Type.Object(
  {
    products: Type.Array(ProductCard),
    total: Type.Integer({ description: 'Products on all pages' }),
    facets: Type.Object({
      categories: Type.Array(Type.Object({ category: CategoryId, products: Type.Integer() })),
      inStock: Type.Integer({ description: 'Of the total' }),
      lowestPrice: orNull(coins('Of the total')),
      highestPrice: orNull(coins('Of the total')),
    }),
  },
  { $id: 'ProductPage' },
);
export type ProductPage = Static<typeof ProductPage>;

export const Variant = Type.Object({
  id: VariantId,
  name: Type.String(),
  price: coins('A piece'),
  active: Type.Boolean({ description: 'False when it is no longer sold' }),
  available: Type.Integer({ description: 'Pieces that can be ordered now' }),
});
export const Product = Type.Object(
  {
    id: ProductId,
    name: Type.String(),
    category: CategoryId,
    description: Type.String(),
    keywords: Type.String(),
    active: Type.Boolean(),
    variants: Type.Array(Variant),
  },
  { $id: 'Product' },
);
export type Product = Static<typeof Product>;

const CartLine = Type.Object({
  variantId: VariantId,
  productId: ProductId,
  productName: Type.String(),
  variantName: Type.String(),
  unitPrice: coins('A piece'),
  quantity: Type.Integer(),
  available: Type.Integer({ description: 'Pieces that can be ordered now; fewer than `quantity` is a line to change' }),
  gross: coins('To be paid for the line'),
});
export const CartView = Type.Object(
  {
    lines: Type.Array(CartLine),
    promo: Type.Union([
      Type.Object({
        code: Type.String(),
        refused: Type.Union([Type.String(), Type.Null()], { description: 'Why it does not count; null when it does' }),
        reason: Type.Union([Reason, Type.Null()], { description: 'The same by its stable name, and what it tells' }),
      }),
      Type.Null(),
    ]),
    subtotal: coins('Before discount, at listed prices'),
    discount: coins('Taken off'),
    tax: coins('Tax in the total'),
    total: coins('To be paid: send it as `expectedTotal` with the checkout'),
    ready: Type.Boolean({ description: 'Whether all of it can be ordered now' }),
  },
  { $id: 'Cart' },
);
export type CartView = Static<typeof CartView>;

export const Quantity = Type.Object(
  { quantity: Type.Integer({ minimum: 0, maximum: 99, description: 'Pieces; 0 takes the line away' }) },
  { additionalProperties: false },
);
export const PromoInput = Type.Object({ code: PromoCode }, { additionalProperties: false });
export const ReservationView = Type.Object({ expiresAt: at('Until when the pieces are kept') });

const line = (description: string, maxLength = 100) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\p{Cc}]*\\S[^\\p{Cc}]*$', description });
export const Address = Type.Object(
  {
    name: line('Who receives it'),
    street: line('Street and number'),
    postcode: line('Postcode', 16),
    city: line('City'),
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'Two letters, such as DE' }),
  },
  { additionalProperties: false },
);
export type Address = Static<typeof Address>;

const paymentMethod = Type.Union([Type.Literal('coins'), Type.Literal('provider')]);
export const CheckoutInput = Type.Object(
  {
    payment: paymentMethod,
    expectedTotal: Type.Integer({ minimum: 1, description: 'The total of the cart as it was shown; another one is refused' }),
    shipTo: Address,
  },
  { additionalProperties: false },
);
export type CheckoutInput = Static<typeof CheckoutInput>;

const orderState = Type.Enum(['awaiting_payment', 'paid', 'packed', 'shipped', 'delivered', 'cancelled', 'returned']);
export const OrderState = orderState;

export const OrderSummary = Type.Object(
  {
    id: OrderId,
    accountId: Type.String(),
    state: orderState,
    total: coins('Paid or to be paid'),
    refunded: coins('What went back'),
    createdAt: at('When it was ordered'),
  },
  { $id: 'OrderSummary' },
);
export type OrderSummary = Static<typeof OrderSummary>;

const OrderLine = Type.Object({
  line: Type.Integer(),
  variantId: VariantId,
  productId: ProductId,
  productName: Type.String(),
  variantName: Type.String(),
  unitPrice: coins('A piece'),
  quantity: Type.Integer(),
  taxBasisPoints: Type.Integer(),
  discount: coins('Taken off'),
  net: coins('Without tax'),
  tax: coins('Tax'),
  gross: coins('Paid for the line'),
  refundedQuantity: Type.Integer({ description: 'Pieces refunded so far' }),
});

export const houseNote = Type.Union([Type.Enum([...houseNotes]), Type.Null()], {
  description: 'Which of the house’s own notes it is; null for what somebody wrote',
});

export const Order = Type.Object(
  {
    id: OrderId,
    accountId: Type.String(),
    state: orderState,
    taxMode: Type.Union([Type.Literal('included'), Type.Literal('added')]),
    subtotal: coins('Before discount'),
    discount: coins('Taken off'),
    tax: coins('Tax in the total'),
    total: coins('Paid or to be paid'),
    refunded: coins('What went back'),
    promoCode: Type.Union([Type.String(), Type.Null()]),
    shipTo: Address,
    createdAt: at('When it was ordered'),
    paidAt: Type.Union([Type.Integer(), Type.Null()]),
    lines: Type.Array(OrderLine),
    payment: Type.Union([Type.Object({ method: paymentMethod, amount: coins('Paid'), at: at('When') }), Type.Null()]),
    refunds: Type.Array(Type.Object({ id: Type.String(), amount: coins('Given back'), reason: Type.String(), houseNote, at: at('When') })),
    history: Type.Array(Type.Object({ state: orderState, note: Type.String(), houseNote, at: at('When') }), {
      description: 'Oldest first',
    }),
    payAt: Type.Union([Type.String(), Type.Null()], { description: 'Where to pay, while it waits for the provider' }),
  },
  { $id: 'Order' },
);
export type Order = Static<typeof Order>;

export const OrderPage = Type.Object({
  orders: Type.Array(OrderSummary, { description: 'Newest first' }),
  next: Type.Union([Type.String(), Type.Null()], { description: 'Pass as `before` for the next page; null at the end' }),
});
export type OrderPage = Static<typeof OrderPage>;
export const OrdersQuery = Type.Object(
  {
    before: Type.Optional(Type.String({ pattern: '^[0-9]{1,16}_KO-[0-9A-Z-]{14}$', description: '`next` of the page before' })),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
);
export type OrdersQuery = Static<typeof OrdersQuery>;

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.String({
    pattern: '^[!-~]{8,200}$',
    description:
      'Names the request, 8 to 200 visible ASCII characters. Sent again with the same body, it gets its first answer and does nothing more',
  }),
});

/** What the test provider's customer decides. */
export const TestPayment = Type.Object(
  { outcome: Type.Union([Type.Literal('paid'), Type.Literal('failed')]) },
  { additionalProperties: false },
);
export const EventTaken = Type.Object({ outcome: Type.String({ description: 'applied, repeated or late' }) });
