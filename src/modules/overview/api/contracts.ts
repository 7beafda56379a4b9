/** The routes of the overview: the books, the house, and pulling the plug. */
import { Type } from 'typebox';
import { pullKinds } from '#core/plugs.ts';
import { contract, media } from '#http/contract.ts';
import { House, Overview, Pull, PullChoices, PullWithLaws } from './schemas.ts';

const tags = ['overview'];

export const readOverview = contract({
  method: 'GET',
  path: '/api/overview',
  tags,
  summary: 'The books, the loop and the pull under way, at a glance',
  description: 'Made once a second for all who ask, so a page may ask every second.',
  access: 'anyone',
  response: { 200: Overview },
  cacheControl: 'no-store',
});

export const readHouse = contract({
  method: 'GET',
  path: '/api/overview/house',
  tags,
  summary: 'Every process, role, engine, lease and queue, and the events of the last hour',
  description: 'Made once a second for all who ask.',
  access: 'admin-unless-demo',
  response: { 200: House },
  cacheControl: 'no-store',
});

export const readChoices = contract({
  method: 'GET',
  path: '/api/overview/pulls/choices',
  tags,
  summary: 'What the sender may pull, and what would happen',
  access: 'anyone',
  response: { 200: PullChoices },
  cacheControl: 'no-store',
});

export const makePull = contract({
  method: 'POST',
  path: '/api/overview/pulls',
  tags,
  summary: 'Pull the plug of a role, a process or an engine',
  description:
    'For admins; in a demonstration also for everybody at this machine, without a proxy between. One at a time, and only a few a minute. GET /api/overview follows it.',
  access: 'admin-unless-demo',
  body: Type.Object(
    { kind: Type.Enum([...pullKinds]), target: Type.String({ minLength: 1, maxLength: 100, description: 'One of the choices' }) },
    { additionalProperties: false },
  ),
  response: { 201: Pull },
  cacheControl: 'no-store',
});

export const listPulls = contract({
  method: 'GET',
  path: '/api/overview/pulls',
  tags,
  summary: 'All pulls that are kept, newest first',
  description: 'The house keeps the newest 200.',
  access: 'admin-unless-demo',
  response: { 200: Type.Object({ items: Type.Array(Pull) }) },
  cacheControl: 'no-store',
});

export const exportPulls = contract({
  method: 'GET',
  path: '/api/overview/pulls.csv',
  tags,
  summary: 'All pulls that are kept, as CSV',
  access: 'admin-unless-demo',
  response: { 200: media('text/csv', 'A header and a line for each pull, newest first') },
  cacheControl: 'no-store',
});

export const readPull = contract({
  method: 'GET',
  path: '/api/overview/pulls/:id',
  tags,
  summary: 'One pull, with the laws as its audit found them',
  access: 'admin-unless-demo',
  params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) }),
  response: { 200: PullWithLaws },
  cacheControl: 'no-store',
});
