/** The shop's tables, as types and as migrations. What no row may say is refused by the database itself. */
import { sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { createPrefixIndex } from '#core/sql/prefix.ts';
import type { OrderState, PaymentMethod, TaxMode } from '../domain/arithmetic.ts';

/** 1 for true: one type for both dialects. */
type Flag = 0 | 1;

export type ShopTables = {
  shop_setting: { name: string; value: string };
  shop_category: { id: string; name: string; instrument: string; tax_basis_points: number; place: number };
  shop_product: {
    id: string;
    category_id: string;
    name: string;
    description: string;
    keywords: string;
    active: Flag;
    /** Of its active variants; kept here so that lists sort by an index. */
    lowest_price: number;
    highest_price: number;
    created_at: number;
    changed_at: number;
    /** The name of its row in shop_picture; null where none was put. */
    picture: string | null;
  };
  /** `name` is made of the kind and the bytes, such as `png/9f86d0…`. */
  shop_picture: { product_id: string; name: string; body: Uint8Array; at: number };
  shop_variant: { id: string; product_id: string; name: string; price: number; place: number; active: Flag };
  /** The name is at place 0, then the description, then the variants; `english` is what `german` says. */
  shop_translation: { product_id: string; place: number; english: string; german: string };
  shop_trigram: { trigram: string; product_id: string };
  shop_stock: { variant_id: string; on_hand: number; reserved: number; received: number; sold: number; returned: number };
  shop_receipt: { id: string; variant_id: string; pieces: number; reason: string; by_whom: string; at: number };
  shop_reservation: { holder: string; variant_id: string; quantity: number; expires_at: number };
  shop_cart: { id: string; account_id: string | null; promo_code: string | null; changed_at: number };
  shop_cart_line: { cart_id: string; variant_id: string; quantity: number; added_at: number };
  shop_promo: {
    code: string;
    kind: 'percent' | 'amount';
    value: number;
    min_subtotal: number;
    starts_at: number | null;
    ends_at: number | null;
    max_uses: number | null;
    max_uses_per_account: number | null;
    uses: number;
    active: Flag;
    created_at: number;
  };
  shop_promo_use: { code: string; account_id: string; uses: number };
  shop_request: { account_id: string; request_key: string; body_hash: string; order_id: string; at: number };
  shop_order: {
    id: string;
    account_id: string;
    state: OrderState;
    tax_mode: TaxMode;
    subtotal: number;
    discount: number;
    tax: number;
    total: number;
    /** What went back, all refunds together. */
    refunded: number;
    promo_code: string | null;
    ship_to: string;
    created_at: number;
    changed_at: number;
    /** When goods and money changed hands; null until then. */
    paid_at: number | null;
  };
  shop_order_line: {
    order_id: string;
    line: number;
    variant_id: string;
    product_id: string;
    product_name: string;
    variant_name: string;
    instrument: string;
    unit_price: number;
    quantity: number;
    tax_basis_points: number;
    discount: number;
    net: number;
    tax: number;
    gross: number;
    refunded_quantity: number;
    /** Of those, the pieces that went back on the shelf. */
    restocked_quantity: number;
    refunded: number;
  };
  shop_order_event: { order_id: string; number: number; state: OrderState; by_whom: string; note: string; at: number };
  shop_payment: {
    order_id: string;
    method: PaymentMethod;
    /** The ledger's transfer, or the provider's payment. */
    reference: string;
    amount: number;
    at: number;
  };
  shop_refund: {
    id: string;
    order_id: string;
    request_key: string;
    body_hash: string;
    amount: number;
    reason: string;
    by_whom: string;
    at: number;
    /** A refund through the provider is owed from the moment it is decided, until the provider has taken note. */
    settled: Flag;
  };
  shop_payment_event: { event_id: string; order_id: string; at: number };
};

export function shopTables(queries: Queries) {
  return queries.withTables<ShopTables>();
}

export const shopMigrations: readonly Migration[] = [
  { id: 'shop-001-catalogue', up: catalogueTables },
  { id: 'shop-002-carts', up: cartTables },
  { id: 'shop-003-orders', up: orderTables },
  { id: 'shop-004-refunds-by-age', up: (queries) => index(queries, 'shop_refund_by_age', 'shop_refund (at, id)') },
  {
    id: 'shop-005-searches',
    async up(queries) {
      await index(queries, 'shop_stock_low', 'shop_stock ((on_hand - reserved)) where on_hand - reserved < 10');
      await createPrefixIndex(queries, 'shop_variant_by_number', 'shop_variant', sql`id`);
    },
  },
  {
    id: 'shop-006-translations',
    up: (queries) =>
      table(
        queries,
        'shop_translation',
        `product_id text not null references shop_product (id), place bigint not null, english text not null, german text not null,
         primary key (product_id, place)`,
      ),
  },
  {
    id: 'shop-007-pictures',
    async up(queries) {
      const bytes = dialectOf(queries) === 'postgres' ? 'bytea' : 'blob';
      await sql`alter table shop_product add column picture text`.execute(queries);
      await table(
        queries,
        'shop_picture',
        `product_id text primary key references shop_product (id), name text not null, body ${bytes} not null, at bigint not null`,
      );
      await index(queries, 'shop_picture_by_name', 'shop_picture (name)');
    },
  },
];

/** Column lists as SQL reads them: the same words in both dialects. */
async function table(queries: Queries, name: string, columns: string): Promise<void> {
  await sql.raw(`create table ${name} (${columns})`).execute(queries);
}

async function index(queries: Queries, name: string, on: string): Promise<void> {
  await sql.raw(`create index ${name} on ${on}`).execute(queries);
}

async function catalogueTables(queries: Queries): Promise<void> {
  await table(queries, 'shop_setting', 'name text primary key, value text not null');
  await table(
    queries,
    'shop_category',
    'id text primary key, name text not null, instrument text not null, tax_basis_points bigint not null, place bigint not null',
  );
  await table(
    queries,
    'shop_product',
    `id text primary key, category_id text not null references shop_category (id), name text not null, description text not null,
     keywords text not null, active bigint not null, lowest_price bigint not null, highest_price bigint not null,
     created_at bigint not null, changed_at bigint not null`,
  );
  await index(queries, 'shop_product_by_category', 'shop_product (category_id, name)');
  await table(
    queries,
    'shop_variant',
    `id text primary key, product_id text not null references shop_product (id), name text not null,
     price bigint not null check (price > 0), place bigint not null, active bigint not null`,
  );
  await index(queries, 'shop_variant_by_product', 'shop_variant (product_id, place)');
  await table(queries, 'shop_trigram', 'trigram text not null, product_id text not null, primary key (trigram, product_id)');
  await index(queries, 'shop_trigram_by_product', 'shop_trigram (product_id)');
  // The law, as the database keeps it: no statement can leave a row that sells what is not there.
  await table(
    queries,
    'shop_stock',
    `variant_id text primary key references shop_variant (id), on_hand bigint not null, reserved bigint not null check (reserved >= 0),
     received bigint not null, sold bigint not null check (sold >= 0), returned bigint not null check (returned >= 0),
     check (on_hand >= reserved), check (on_hand + sold - returned = received)`,
  );
  await table(
    queries,
    'shop_receipt',
    `id text primary key, variant_id text not null, pieces bigint not null, reason text not null, by_whom text not null, at bigint not null`,
  );
  await index(queries, 'shop_receipt_by_variant', 'shop_receipt (variant_id, at)');
}

async function cartTables(queries: Queries): Promise<void> {
  await table(queries, 'shop_cart', 'id text primary key, account_id text unique, promo_code text, changed_at bigint not null');
  await index(queries, 'shop_cart_by_age', 'shop_cart (changed_at)');
  await table(
    queries,
    'shop_cart_line',
    `cart_id text not null, variant_id text not null, quantity bigint not null check (quantity > 0), added_at bigint not null,
     primary key (cart_id, variant_id)`,
  );
  await table(
    queries,
    'shop_reservation',
    `holder text not null, variant_id text not null, quantity bigint not null check (quantity > 0), expires_at bigint not null,
     primary key (holder, variant_id)`,
  );
  await index(queries, 'shop_reservation_by_expiry', 'shop_reservation (expires_at)');
  await table(
    queries,
    'shop_promo',
    `code text primary key, kind text not null, value bigint not null check (value > 0), min_subtotal bigint not null, starts_at bigint,
     ends_at bigint, max_uses bigint, max_uses_per_account bigint, uses bigint not null check (uses >= 0), active bigint not null,
     created_at bigint not null, check (max_uses is null or uses <= max_uses)`,
  );
  await table(
    queries,
    'shop_promo_use',
    'code text not null, account_id text not null, uses bigint not null check (uses >= 0), primary key (code, account_id)',
  );
}

async function orderTables(queries: Queries): Promise<void> {
  await table(
    queries,
    'shop_request',
    `account_id text not null, request_key text not null, body_hash text not null, order_id text not null, at bigint not null,
     primary key (account_id, request_key)`,
  );
  await index(queries, 'shop_request_by_age', 'shop_request (at)');
  await table(
    queries,
    'shop_order',
    `id text primary key, account_id text not null, state text not null, tax_mode text not null, subtotal bigint not null,
     discount bigint not null, tax bigint not null, total bigint not null check (total > 0), refunded bigint not null, promo_code text,
     ship_to text not null, created_at bigint not null, changed_at bigint not null, paid_at bigint,
     check (refunded >= 0 and refunded <= total)`,
  );
  await index(queries, 'shop_order_by_account', 'shop_order (account_id, created_at)');
  await index(queries, 'shop_order_by_state', 'shop_order (state, created_at)');
  await index(queries, 'shop_order_by_age', 'shop_order (created_at)');
  await table(
    queries,
    'shop_order_line',
    `order_id text not null, line bigint not null, variant_id text not null, product_id text not null, product_name text not null,
     variant_name text not null, instrument text not null, unit_price bigint not null, quantity bigint not null check (quantity > 0),
     tax_basis_points bigint not null, discount bigint not null, net bigint not null, tax bigint not null, gross bigint not null,
     refunded_quantity bigint not null, restocked_quantity bigint not null, refunded bigint not null, primary key (order_id, line),
     check (net + tax = gross), check (refunded_quantity <= quantity), check (restocked_quantity <= refunded_quantity),
     check (refunded >= 0 and refunded <= gross)`,
  );
  await table(
    queries,
    'shop_order_event',
    `order_id text not null, number bigint not null, state text not null, by_whom text not null, note text not null, at bigint not null,
     primary key (order_id, number)`,
  );
  await table(
    queries,
    'shop_payment',
    'order_id text primary key, method text not null, reference text not null, amount bigint not null check (amount > 0), at bigint not null',
  );
  await table(
    queries,
    'shop_refund',
    `id text primary key, order_id text not null, request_key text not null, body_hash text not null,
     amount bigint not null check (amount >= 0), reason text not null, by_whom text not null, at bigint not null, settled bigint not null,
     unique (order_id, request_key)`,
  );
  await index(queries, 'shop_refund_by_settled', 'shop_refund (settled, at)');
  await table(queries, 'shop_payment_event', 'event_id text primary key, order_id text not null, at bigint not null');
}
