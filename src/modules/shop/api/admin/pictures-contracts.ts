/** Pictures of products: admins put them, everybody sees them. */
import { Type } from 'typebox';
import { contract, empty, media } from '#http/contract.ts';
import { OneProduct } from '../schemas.ts';

const tags = ['shop admin'];
/** Written as one number: so the compiler holds the page, which imports no values from here, to the same. */
export const maxPictureBytes = 524_288;

const says = 'The bytes decide what it is: another kind than it is sent as is refused, SVG too';

export const putPicture = contract({
  method: 'PUT',
  path: '/api/shop/admin/products/:id/picture',
  tags,
  summary: 'Give a product a picture, in the place of the one before',
  description: `At most ${maxPictureBytes / 1_024} KiB.`,
  access: 'admin',
  params: OneProduct,
  body: [media('image/png', says), media('image/jpeg', says), media('image/webp', says), media('image/avif', says)],
  bodyLimit: maxPictureBytes,
  response: { 200: Type.Object({ picture: Type.String({ description: 'Its address' }) }) },
});

export const removePicture = contract({
  method: 'DELETE',
  path: '/api/shop/admin/products/:id/picture',
  tags,
  summary: 'Take the picture of a product away: one is drawn instead',
  access: 'admin',
  params: OneProduct,
  response: { 204: empty('Done') },
});

const seen = {
  method: 'GET',
  tags: ['shop'],
  summary: 'A picture of a product',
  description: 'It never changes: a new picture has a new address, which the product names.',
  access: 'anyone',
  params: Type.Object({ hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) }),
  cacheControl: 'public, max-age=31536000, immutable',
} as const;
const picture = 'The picture as it was put';

export const readPng = contract({ ...seen, path: '/api/shop/pictures/png/:hash', response: { 200: media('image/png', picture) } });
export const readJpeg = contract({ ...seen, path: '/api/shop/pictures/jpeg/:hash', response: { 200: media('image/jpeg', picture) } });
export const readWebp = contract({ ...seen, path: '/api/shop/pictures/webp/:hash', response: { 200: media('image/webp', picture) } });
export const readAvif = contract({ ...seen, path: '/api/shop/pictures/avif/:hash', response: { 200: media('image/avif', picture) } });
