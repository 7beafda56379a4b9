/** The catalogue over HTTP, in the language of the request. */
import type { FastifyRequest } from 'fastify';
import { refuse } from '#core/refuse.ts';
import type { Given } from '#http/contract.ts';
import { type Rendered, type Route, render, route } from '#http/route.ts';
import { type Texts, textsFor } from '../../demo/translations.ts';
import { pictureOf } from '../../domain/pictures.ts';
import { shopRefusals } from '../../refusals.ts';
import { findProducts } from '../../store/catalogue/find-products.ts';
import { findProduct, listCategories } from '../../store/catalogue/products.ts';
import type { ShopApi } from '../shop-api.ts';
import * as contracts from './contracts.ts';
import { RenderedPages } from './rendered-pages.ts';

export function catalogueRoutes({ ports: { state, clock }, terms }: ShopApi): readonly Route[] {
  const pages = new RenderedPages<Rendered<Given<contracts.ProductPage>>>(clock);

  async function productOf(id: string, options = {}) {
    const product = await state.read((queries) => findProduct(queries, id, options));
    if (product === undefined) throw refuse(shopRefusals, 'no-product', { id });
    return product;
  }

  return [
    route(contracts.listCategories, async () => ({
      categories: await state.read(listCategories),
      taxMode: terms.taxMode,
      payments: terms.payments === undefined ? ['coins'] : ['coins', 'provider'],
    })),

    route(contracts.findProducts, async ({ query, request, reply }) => {
      const texts = textsOf(request);
      reply.header('vary', 'accept-language');
      return pages.get(`${texts.language} ${JSON.stringify(query)}`, async () => {
        const { items, ...found } = await state.read((queries) => findProducts(queries, query));
        const products = items.map((card) => ({ ...card, name: texts.say(card.id, card.name) }));
        return render(reply, { ...found, products });
      });
    }),

    route(contracts.readProduct, async ({ params: { id }, request, reply }) => {
      const { variants, ...product } = await productOf(id);
      const texts = textsOf(request);
      reply.header('vary', 'accept-language');
      return {
        ...product,
        name: texts.say(id, product.name),
        description: texts.say(id, product.description),
        variants: variants.map((variant) => ({ ...variant, name: texts.say(id, variant.name) })),
      };
    }),

    route(contracts.readPicture, async ({ params: { id } }) => pictureOf(await productOf(id, { withInactive: true }))),
  ];
}

export function textsOf(request: FastifyRequest): Texts {
  return textsFor(request.headers['accept-language']);
}
