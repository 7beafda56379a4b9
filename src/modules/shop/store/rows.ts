/** Many rows of the shop's tables in one statement. The columns of each table stand here once. */
import { type RawBuilder, sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { type ColumnType, type RowColumns, type RowOf, rowsFrom } from '#core/sql/rows.ts';
import type { ShopTables } from './tables.ts';

const text = 'text';
const whole = 'bigint';

const columnsOf = {
  shop_product: {
    id: text,
    category_id: text,
    name: text,
    description: text,
    keywords: text,
    active: whole,
    lowest_price: whole,
    highest_price: whole,
    created_at: whole,
    changed_at: whole,
    picture: text,
  },
  shop_variant: { id: text, product_id: text, name: text, price: whole, place: whole, active: whole },
  shop_trigram: { trigram: text, product_id: text },
  shop_translation: { product_id: text, place: whole, english: text, german: text },
  shop_stock: { variant_id: text, on_hand: whole, reserved: whole, received: whole, sold: whole, returned: whole },
  shop_receipt: { id: text, variant_id: text, pieces: whole, reason: text, by_whom: text, at: whole },
  shop_reservation: { holder: text, variant_id: text, quantity: whole, expires_at: whole },
  shop_cart_line: { cart_id: text, variant_id: text, quantity: whole, added_at: whole },
  shop_promo_use: { code: text, account_id: text, uses: whole },
  shop_order: {
    id: text,
    account_id: text,
    state: text,
    tax_mode: text,
    subtotal: whole,
    discount: whole,
    tax: whole,
    total: whole,
    refunded: whole,
    promo_code: text,
    ship_to: text,
    created_at: whole,
    changed_at: whole,
    paid_at: whole,
  },
  shop_order_line: {
    order_id: text,
    line: whole,
    variant_id: text,
    product_id: text,
    product_name: text,
    variant_name: text,
    instrument: text,
    unit_price: whole,
    quantity: whole,
    tax_basis_points: whole,
    discount: whole,
    net: whole,
    tax: whole,
    gross: whole,
    refunded_quantity: whole,
    restocked_quantity: whole,
    refunded: whole,
  },
  shop_order_event: { order_id: text, number: whole, state: text, by_whom: text, note: text, at: whole },
  shop_payment: { order_id: text, method: text, reference: text, amount: whole, at: whole },
} as const satisfies { readonly [Name in keyof ShopTables]?: Readonly<Record<keyof ShopTables[Name], ColumnType>> };

type WrittenTable = keyof typeof columnsOf;

/** `onConflict` ends the statement, such as `on conflict (id) do nothing`. */
export async function insertRows<Name extends WrittenTable>(
  queries: Queries,
  name: Name,
  rows: readonly ShopTables[Name][],
  onConflict: RawBuilder<unknown> = sql``,
): Promise<number> {
  if (rows.length === 0) return 0;
  const columns: RowColumns = columnsOf[name];
  const names = sql.join(Object.keys(columns).map((column) => sql.ref(column)));
  const source = rowsFrom(queries, columns, rows as readonly RowOf<RowColumns>[]);
  const { numAffectedRows } = await sql`insert into ${sql.table(name)} (${names}) ${source} ${onConflict}`.execute(queries);
  return Number(numAffectedRows ?? 0);
}
