/** The catalogue over HTTP, in the language of the request. */
import type { FastifyRequest } from 'fastify';
import { refuse } from '#core/refuse.ts';
import { keptRoute, type Variation } from '#http/kept-route.ts';
import { type Route, route } from '#http/route.ts';
import { type Texts, textsFor } from '../../demo/translations.ts';
import { pictureOf } from '../../domain/pictures.ts';
import { shopRefusals } from '../../refusals.ts';
import { findProducts } from '../../store/catalogue/find-products.ts';
import { findProduct, listCategories } from '../../store/catalogue/products.ts';
import { readStored, withStored } from '../../store/catalogue/translations.ts';
import { paymentsFor, type ShopApi } from '../shop-api.ts';
import * as contracts from './contracts.ts';

const freshMs = 1_000;

const byLanguage: Variation = { header: 'accept-language', valueOf: (header) => textsFor(header).language };

export function catalogueRoutes({ ports: { state }, terms }: ShopApi): readonly Route[] {
  async function productOf(id: string, options = {}) {
    const product = await state.read((queries) => findProduct(queries, id, options));
    if (product === undefined) throw refuse(shopRefusals, 'no-product', { id });
    return product;
  }

  return [
    route(contracts.listCategories, async ({ request }) => ({
      categories: await state.read(listCategories),
      taxMode: terms.taxMode,
      payments: paymentsFor(terms, request) === undefined ? ['coins'] : ['coins', 'provider'],
    })),

    keptRoute(contracts.findProducts, {
      keepMs: freshMs,
      varies: byLanguage,
      make: async ({ query, variant }) => {
        const answer = await state.read(async (queries) => {
          const { items, ...found } = await findProducts(queries, query);
          const texts = await withStored(
            queries,
            textsFor(variant),
            items.map(({ id }) => id),
          );
          return { ...found, products: items.map((card) => ({ ...card, name: texts.say(card.id, card.name) })) };
        });
        return { answer, about: undefined };
      },
    }),

    keptRoute(contracts.readProduct, {
      keepMs: freshMs,
      varies: byLanguage,
      make: async ({ params: { id }, variant }) => {
        const { variants, ...product } = await productOf(id);
        const texts = await readStored(state, textsFor(variant), [id]);
        return {
          answer: {
            ...product,
            name: texts.say(id, product.name),
            description: texts.say(id, product.description),
            variants: variants.map((variant) => ({ ...variant, name: texts.say(id, variant.name) })),
          },
          about: undefined,
        };
      },
    }),

    keptRoute(contracts.readPicture, {
      keepMs: freshMs,
      make: async ({ params: { id } }) => ({ answer: pictureOf(await productOf(id, { withInactive: true })), about: undefined }),
    }),
  ];
}

export function textsOf(request: FastifyRequest): Texts {
  return textsFor(request.headers['accept-language']);
}
