/** Goods as admins see and change them: products one by one or from CSV, and what is left of them. */
import { type Static, Type } from 'typebox';
import { contract, media } from '#http/contract.ts';
import { Next, PageQuery, pageQuery } from '#http/paging.ts';
import { Product, Variant } from '../catalogue/contracts.ts';
import { accountName, CategoryId, line, OneProduct, OneVariant, ProductId, prose, search, VariantId } from '../schemas.ts';

const tags = ['shop admin'];

const ProductInput = Type.Object(
  {
    category: CategoryId,
    name: line('As customers read it', 120),
    description: prose('Plain text', 4_000),
    keywords: prose('Further words that the search finds it by', 400),
    active: Type.Boolean({ description: 'Whether it is for sale' }),
    german: Type.Optional(
      Type.Object(
        { name: prose('Empty: the same as in English', 120), description: prose('Empty: the same as in English', 4_000) },
        { additionalProperties: false, description: 'With the German names of variants; left out, what is stored stays' },
      ),
    ),
    variants: Type.Array(
      Type.Object(
        {
          id: VariantId,
          name: line('Such as `250 g`', 80),
          price: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'A piece, in coins' }),
          active: Type.Boolean(),
          germanName: Type.Optional(prose('Empty: the same as in English', 80)),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 20, description: 'Those that are left out are no longer sold' },
    ),
  },
  { additionalProperties: false },
);
export type ProductInput = Static<typeof ProductInput>;

export const listProducts = contract({
  method: 'GET',
  path: '/api/shop/admin/products',
  tags,
  summary: 'All products, also those not for sale, by id',
  description: 'A search looks for the beginning of an article number and for words, as that of customers; the best come first.',
  access: 'admin',
  query: Type.Object({ search, ...pageQuery({ defaultLimit: 50 }) }, { additionalProperties: false }),
  response: { 200: Type.Object({ products: Type.Array(Product), next: Next }) },
});

const stockFigures = {
  onHand: Type.Integer(),
  reserved: Type.Integer({ description: 'Of those on hand' }),
  received: Type.Integer(),
  sold: Type.Integer(),
  returned: Type.Integer(),
};
const receipt = {
  pieces: Type.Integer(),
  reason: Type.String(),
  by: Type.String(),
  byName: accountName,
  at: Type.Integer(),
};

const AdminProduct = Type.Object(
  {
    ...Product.properties,
    variants: Type.Array(Type.Object({ ...Variant.properties, germanName: Type.String(), stock: Type.Object(stockFigures) })),
    german: Type.Object({ name: Type.String(), description: Type.String() }, { description: 'Empty where it is the same as in English' }),
    receipts: Type.Array(Type.Object({ id: Type.String(), variantId: VariantId, ...receipt }), {
      description: 'Of all its variants, the newest first',
    }),
    next: Next,
  },
  { $id: 'AdminProduct' },
);
export type AdminProduct = Static<typeof AdminProduct>;

export const readProduct = contract({
  method: 'GET',
  path: '/api/shop/admin/products/:id',
  tags,
  summary: 'One product, its stock, and what came in',
  description: 'limit and after page through its receipts.',
  access: 'admin',
  params: OneProduct,
  query: PageQuery,
  response: { 200: AdminProduct },
});

export const saveProduct = contract({
  method: 'PUT',
  path: '/api/shop/admin/products/:id',
  tags,
  summary: 'Add a product, or change it',
  description: 'With `If-None-Match: *` it only adds: a product with that id is left as it is.',
  access: 'admin',
  params: OneProduct,
  headers: Type.Object({ 'if-none-match': Type.Optional(Type.Literal('*')) }),
  body: ProductInput,
  response: { 200: Product },
});

export const exportProducts = contract({
  method: 'GET',
  path: '/api/shop/admin/products.csv',
  tags,
  summary: 'All products as CSV, as the import takes it',
  access: 'admin',
  response: { 200: media('text/csv', 'A row for each variant') },
});

export const importProducts = contract({
  method: 'POST',
  path: '/api/shop/admin/products.csv',
  tags,
  summary: 'Import products from CSV',
  description: 'All of the file, or nothing: what is wrong is told line by line.',
  access: 'admin',
  query: Type.Object({ dryRun: Type.Boolean({ default: false, description: 'Only check the file' }) }, { additionalProperties: false }),
  body: media(
    'text/csv',
    'A row for each variant, with the columns of the export',
    'product,category,name,description,keywords,variant,variant_name,price,active,stock\nassam,tea,Assam,Malty,black,TEA-9-100G,100 g,6,yes,40\n',
  ),
  bodyLimit: 8 * 1_024 * 1_024,
  response: { 200: Type.Object({ products: Type.Integer(), variants: Type.Integer(), dryRun: Type.Boolean() }) },
});

export const StockLevel = Type.Object({
  variantId: VariantId,
  variantName: Type.String(),
  productId: ProductId,
  productName: Type.String(),
  available: Type.Integer({ description: 'Pieces that can be ordered now' }),
  onHand: stockFigures.onHand,
  reserved: stockFigures.reserved,
});
export type StockLevel = Static<typeof StockLevel>;

export const listStock = contract({
  method: 'GET',
  path: '/api/shop/admin/stock',
  tags,
  summary: 'What is left of everything for sale, the least first',
  access: 'admin',
  query: Type.Object(
    {
      below: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Only where fewer pieces can be ordered; 1 for what is sold out' }),
      ),
      ...pageQuery({ defaultLimit: 50 }),
    },
    { additionalProperties: false },
  ),
  response: { 200: Type.Object({ stock: Type.Array(StockLevel, { description: 'The least available first' }), next: Next }) },
});

const StockView = Type.Object(
  {
    variantId: VariantId,
    ...stockFigures,
    receipts: Type.Array(Type.Object(receipt), { description: 'The newest first, at most 100' }),
  },
  { $id: 'Stock' },
);

export const readStock = contract({
  method: 'GET',
  path: '/api/shop/admin/stock/:id',
  tags,
  summary: 'A variant’s stock and what came in',
  access: 'admin',
  params: OneVariant,
  response: { 200: StockView },
});

export const receivePieces = contract({
  method: 'POST',
  path: '/api/shop/admin/stock/:id/receipts',
  tags,
  summary: 'Goods came in, or went without being sold',
  access: 'admin',
  params: OneVariant,
  body: Type.Object(
    {
      pieces: Type.Integer({
        minimum: -1_000_000,
        maximum: 1_000_000,
        description: 'Pieces that came in; negative for what was lost or broken',
      }),
      reason: line('Such as `delivery 4711`', 200),
    },
    { additionalProperties: false },
  ),
  response: { 201: StockView },
});
