/** Pictures of products over HTTP. */
import { refuse } from '#core/refuse.ts';
import { hashOfBody } from '#core/request-keys.ts';
import { type Route, route } from '#http/route.ts';
import { type PictureKind, pictureAddress, pictureKindOf, pictureName } from '../../domain/picture-kinds.ts';
import { shopRefusals } from '../../refusals.ts';
import { findPicture, putPicture, removePicture } from '../../store/catalogue/product-pictures.ts';
import type { ShopApi } from '../shop-api.ts';
import * as contracts from './pictures-contracts.ts';

export function pictureRoutes({ ports: { state, clock } }: ShopApi): readonly Route[] {
  const read = (kind: PictureKind, hash: string) => state.read((queries) => findPicture(queries, pictureName(kind, hash)));
  return [
    route(contracts.putPicture, async ({ params: { id }, body, request }) => {
      const kind = pictureKindOf(body);
      if (kind === undefined || request.headers['content-type'] !== `image/${kind}`) throw refuse(shopRefusals, 'no-picture');
      const name = pictureName(kind, hashOfBody(body));
      await state.write((queries) => putPicture(queries, id, { name, body, at: clock.now() }));
      return { picture: pictureAddress(name) };
    }),
    route(contracts.removePicture, ({ params: { id } }) => state.write((queries) => removePicture(queries, id))),
    route(contracts.readPng, ({ params: { hash } }) => read('png', hash)),
    route(contracts.readJpeg, ({ params: { hash } }) => read('jpeg', hash)),
    route(contracts.readWebp, ({ params: { hash } }) => read('webp', hash)),
    route(contracts.readAvif, ({ params: { hash } }) => read('avif', hash)),
  ];
}
