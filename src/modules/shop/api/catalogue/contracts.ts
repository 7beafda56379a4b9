/** The catalogue for everybody. */
import { type Static, Type } from 'typebox';
import { contract, media } from '#http/contract.ts';
import { Next, pageQuery } from '#http/paging.ts';
import { sortOrders } from '../../domain/goods.ts';
import { CategoryId, coins, OneProduct, ProductId, picture, VariantId } from '../schemas.ts';

const tags = ['shop'];

const ShopCategory = Type.Object(
  {
    id: CategoryId,
    name: Type.String(),
    instrument: Type.String({ description: 'The company on the stocks tape that stands for its sales' }),
    taxBasisPoints: Type.Integer({ description: 'Tax in hundredths of a percent' }),
  },
  { $id: 'ShopCategory' },
);
const ShopCategories = Type.Object({
  categories: Type.Array(ShopCategory),
  taxMode: Type.Union([Type.Literal('included'), Type.Literal('added')], { description: 'Whether prices contain the tax' }),
  payments: Type.Array(Type.Union([Type.Literal('coins'), Type.Literal('provider')]), { description: 'Ways to pay' }),
});
export type ShopCategories = Static<typeof ShopCategories>;

const ProductCard = Type.Object(
  {
    id: ProductId,
    name: Type.String(),
    category: CategoryId,
    lowestPrice: coins('Of its variants'),
    highestPrice: coins('Of its variants'),
    inStock: Type.Boolean(),
    picture,
  },
  { $id: 'ProductCard' },
);
export type ProductCard = Static<typeof ProductCard>;

const ProductPage = Type.Object(
  {
    products: Type.Array(ProductCard),
    next: Next,
    total: Type.Integer({ description: 'Products on all pages' }),
    facets: Type.Object({
      categories: Type.Array(Type.Object({ category: CategoryId, products: Type.Integer() })),
      inStock: Type.Integer({ description: 'Of the total' }),
      lowestPrice: Type.Union([coins('Of the total'), Type.Null()]),
      highestPrice: Type.Union([coins('Of the total'), Type.Null()]),
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
    picture,
    variants: Type.Array(Variant),
  },
  { $id: 'Product' },
);
export type Product = Static<typeof Product>;

export const listCategories = contract({
  method: 'GET',
  path: '/api/shop/categories',
  tags,
  summary: 'The departments',
  access: 'anyone',
  response: { 200: ShopCategories },
});

const CatalogueAsked = Type.Object(
  {
    text: Type.Optional(Type.String({ maxLength: 100, description: 'Words to look for; slips are forgiven' })),
    category: Type.Optional(CategoryId),
    minPrice: Type.Optional(coins('Lowest price wanted')),
    maxPrice: Type.Optional(coins('Highest price wanted')),
    inStock: Type.Optional(Type.Boolean({ description: 'Only what can be delivered' })),
    sort: Type.Enum([...sortOrders], { default: 'relevance', description: 'Without a text, `relevance` means popular' }),
    ...pageQuery({ defaultLimit: 24 }),
  },
  { additionalProperties: false },
);
export type CatalogueAsked = Static<typeof CatalogueAsked>;

export const findProducts = contract({
  method: 'GET',
  path: '/api/shop/products',
  tags,
  summary: 'Products, searched and sorted',
  description: 'Stock and prices may be a second old here; what counts is decided at checkout.',
  access: 'anyone',
  query: CatalogueAsked,
  response: { 200: ProductPage },
  cacheControl: 'public, max-age=1',
});

export const readProduct = contract({
  method: 'GET',
  path: '/api/shop/products/:id',
  tags,
  summary: 'One product',
  access: 'anyone',
  params: OneProduct,
  response: { 200: Product },
});

export const readPicture = contract({
  method: 'GET',
  path: '/api/shop/products/:id/picture.svg',
  tags,
  summary: 'Its picture',
  access: 'anyone',
  params: OneProduct,
  response: { 200: media('image/svg+xml', 'Drawn from the product itself: the same product has the same picture.') },
  cacheControl: 'public, max-age=86400',
});
