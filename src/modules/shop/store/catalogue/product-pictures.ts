/** Pictures of products in the State. A picture is named by its bytes, so that browsers may keep it for ever. */
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { shopRefusals } from '../../refusals.ts';
import { type ShopTables, shopTables } from '../tables.ts';

/** In the place of the one before. */
export async function putPicture(
  queries: Queries,
  productId: string,
  picture: Omit<ShopTables['shop_picture'], 'product_id'>,
): Promise<void> {
  await nameIt(queries, productId, picture.name);
  await shopTables(queries)
    .insertInto('shop_picture')
    .values({ product_id: productId, ...picture })
    .onConflict((conflict) => conflict.column('product_id').doUpdateSet(picture))
    .execute();
}

export async function removePicture(queries: Queries, productId: string): Promise<void> {
  await nameIt(queries, productId, null);
  await shopTables(queries).deleteFrom('shop_picture').where('product_id', '=', productId).execute();
}

async function nameIt(queries: Queries, productId: string, picture: string | null): Promise<void> {
  const { numUpdatedRows } = await shopTables(queries)
    .updateTable('shop_product')
    .set({ picture })
    .where('id', '=', productId)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw refuse(shopRefusals, 'no-product', { id: productId });
}

export async function findPicture(queries: Queries, name: string): Promise<Uint8Array> {
  const found = await shopTables(queries).selectFrom('shop_picture').select('body').where('name', '=', name).executeTakeFirst();
  if (found === undefined) throw refuse(shopRefusals, 'picture-gone');
  return found.body;
}
