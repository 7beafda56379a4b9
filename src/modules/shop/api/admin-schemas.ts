/** The schemas of what only an admin may see or change in the shop. */
import { type Static, Type } from 'typebox';
import { CategoryId, houseNote, OrderId, OrderState, OrdersQuery, Product, ProductId, PromoCode, Variant, VariantId } from './schemas.ts';

const prose = (maxLength: number, description: string) => Type.String({ maxLength, pattern: '^[^\\u0000]*$', description });
const title = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\p{Cc}]*\\S[^\\p{Cc}]*$', description });

export const ProductInput = Type.Object(
  {
    category: CategoryId,
    name: title(120, 'As customers read it'),
    description: prose(4_000, 'Plain text'),
    keywords: prose(400, 'Further words that the search finds it by'),
    active: Type.Boolean({ description: 'Whether it is for sale' }),
    variants: Type.Array(
      Type.Object(
        {
          id: VariantId,
          name: title(80, 'Such as `250 g`'),
          price: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'A piece, in coins' }),
          active: Type.Boolean(),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 20, description: 'Those that are left out are no longer sold' },
    ),
  },
  { additionalProperties: false },
);
export type ProductInput = Static<typeof ProductInput>;

export const AdminProductsQuery = Type.Object(
  {
    after: Type.Optional(ProductId),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  },
  { additionalProperties: false },
);
export type AdminProductsQuery = Static<typeof AdminProductsQuery>;

export const ReceiptInput = Type.Object(
  {
    pieces: Type.Integer({
      minimum: -1_000_000,
      maximum: 1_000_000,
      description: 'Pieces that came in; negative for what was lost or broken',
    }),
    reason: title(200, 'Such as `delivery 4711`'),
  },
  { additionalProperties: false },
);
const stockFigures = {
  onHand: Type.Integer(),
  reserved: Type.Integer({ description: 'Of those on hand' }),
  received: Type.Integer(),
  sold: Type.Integer(),
  returned: Type.Integer(),
};
const place = (description: string) => Type.Optional(Type.String({ pattern: '^[0-9]{1,16}_[0-9A-Za-z-]{1,60}$', description }));
const next = (passAs: string) =>
  Type.Union([Type.String(), Type.Null()], { description: `Pass as \`${passAs}\` for the next page; null at the end` });

export const StockView = Type.Object(
  {
    variantId: VariantId,
    ...stockFigures,
    receipts: Type.Array(Type.Object({ pieces: Type.Integer(), reason: Type.String(), by: Type.String(), at: Type.Integer() }), {
      description: 'The newest first, at most 100',
    }),
  },
  { $id: 'Stock' },
);

export const AdminProduct = Type.Object(
  {
    ...Product.properties,
    variants: Type.Array(Type.Object({ ...Variant.properties, stock: Type.Object(stockFigures) })),
    receipts: Type.Array(
      Type.Object({
        id: Type.String(),
        variantId: VariantId,
        pieces: Type.Integer(),
        reason: Type.String(),
        by: Type.String(),
        at: Type.Integer(),
      }),
      { description: 'Of all its variants, the newest first' },
    ),
    next: next('before'),
  },
  { $id: 'AdminProduct' },
);
export type AdminProduct = Static<typeof AdminProduct>;
export const ReceiptsQuery = Type.Object(
  {
    before: place('`next` of the page of receipts before'),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
);
export type ReceiptsQuery = Static<typeof ReceiptsQuery>;

export const StockLevels = Type.Object({
  stock: Type.Array(
    Type.Object({
      variantId: VariantId,
      variantName: Type.String(),
      productId: ProductId,
      productName: Type.String(),
      available: Type.Integer({ description: 'Pieces that can be ordered now' }),
      onHand: stockFigures.onHand,
      reserved: stockFigures.reserved,
    }),
    { description: 'The least available first' },
  ),
  next: next('after'),
});
export type StockLevels = Static<typeof StockLevels>;
export const StockQuery = Type.Object(
  {
    below: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Only where fewer pieces can be ordered; 1 for what is sold out' }),
    ),
    after: place('`next` of the page before'),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  },
  { additionalProperties: false },
);
export type StockQuery = Static<typeof StockQuery>;

export const AdminOrdersQuery = Type.Object(
  {
    ...OrdersQuery.properties,
    state: Type.Optional(OrderState),
    accountId: Type.Optional(Type.String({ pattern: '^[0-9A-Za-z_-]{1,100}$' })),
  },
  { additionalProperties: false },
);
export type AdminOrdersQuery = Static<typeof AdminOrdersQuery>;

export const StateInput = Type.Object(
  {
    state: Type.Union([Type.Literal('packed'), Type.Literal('shipped'), Type.Literal('delivered'), Type.Literal('cancelled')]),
    note: prose(200, 'For the history, such as a tracking number'),
  },
  { additionalProperties: false },
);

export const RefundInput = Type.Object(
  {
    reason: prose(200, 'Told to the customer'),
    everything: Type.Optional(Type.Boolean({ description: 'All that is left of the order' })),
    restock: Type.Optional(Type.Boolean({ description: 'With `everything`: whether the goods go back on the shelf' })),
    lines: Type.Optional(
      Type.Array(
        Type.Object(
          {
            line: Type.Integer({ minimum: 1, maximum: 1_000 }),
            quantity: Type.Integer({ minimum: 1, maximum: 99 }),
            restock: Type.Boolean({ description: 'Whether they go back on the shelf' }),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 50 },
      ),
    ),
    amount: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Coins on top; the goods stay with the customer' }),
    ),
  },
  { additionalProperties: false, description: 'Exactly one of `everything`, `lines` and `amount`' },
);
export type RefundInput = Static<typeof RefundInput>;
export const RefundView = Type.Object({ id: Type.String(), orderId: OrderId, amount: Type.Integer() });
export const RefundList = Type.Object({
  refunds: Type.Array(
    Type.Object({
      ...RefundView.properties,
      reason: Type.String(),
      houseNote,
      by: Type.String(),
      at: Type.Integer(),
      settled: Type.Boolean({ description: 'False while it is owed: the payment provider has not taken note yet' }),
    }),
    { description: 'The newest first' },
  ),
  next: next('before'),
});
export type RefundList = Static<typeof RefundList>;
export const RefundsQuery = Type.Object(
  {
    settled: Type.Optional(Type.Boolean({ description: 'Only those that are settled, or only those that are owed' })),
    before: place('`next` of the page before'),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  },
  { additionalProperties: false },
);
export type RefundsQuery = Static<typeof RefundsQuery>;

const time = Type.Union([Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }), Type.Null()]);
const count = Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000_000 }), Type.Null()]);
export const PromoRules = Type.Object(
  {
    kind: Type.Union([Type.Literal('percent'), Type.Literal('amount')]),
    value: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Percent (at most 100), or coins' }),
    minSubtotal: Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'The least an order must come to' }),
    startsAt: time,
    endsAt: time,
    maxUses: count,
    maxUsesPerAccount: count,
    active: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type PromoRules = Static<typeof PromoRules>;
export const PromoView = Type.Object({ code: PromoCode, uses: Type.Integer(), ...PromoRules.properties }, { $id: 'Promo' });
export const Promos = Type.Object({ promos: Type.Array(PromoView) });

export const Customers = Type.Object({
  customers: Type.Array(
    Type.Object({
      accountId: Type.String(),
      orders: Type.Integer(),
      spent: Type.Integer(),
      refunded: Type.Integer(),
      lastOrderAt: Type.Integer(),
    }),
    { description: 'Who ordered something, the most recent first; the accounts themselves are at /api/people' },
  ),
});

export const ImportQuery = Type.Object(
  { dryRun: Type.Boolean({ default: false, description: 'Only check the file' }) },
  { additionalProperties: false },
);
export const Imported = Type.Object({ products: Type.Integer(), variants: Type.Integer(), dryRun: Type.Boolean() });
