/** Answers and requests that contradict their contract must not compile: `npm run check` fails if one of these lines compiles. */
import { test } from 'node:test';
import { Type } from 'typebox';
import { openClient } from './client.ts';
import { contract, empty, lines, media } from './contract.ts';
import { type Route, route } from './route.ts';

const Crate = Type.Object({
  id: Type.String(),
  side: Type.Enum(['buy', 'sell']),
  weights: Type.Array(Type.Integer()),
  note: Type.Optional(Type.String()),
});
const headers = Type.Object({ 'idempotency-key': Type.String() });
const about = { tags: ['crates'], summary: 'A crate', access: 'anyone' } as const;

const readCrate = contract({
  ...about,
  method: 'GET',
  path: '/api/crates/:id',
  params: Type.Object({ id: Type.String() }),
  query: Type.Object({ limit: Type.Integer({ default: 5 }) }),
  response: { 200: Crate },
});
const storeCrate = contract({ ...about, method: 'POST', path: '/api/crates', headers, body: Crate, response: { 201: Crate } });
const watchCrate = contract({ ...about, method: 'GET', path: '/api/watch', response: { 200: Crate, 304: empty('Not changed') } });
const dropCrate = contract({ ...about, method: 'DELETE', path: '/api/crates', access: 'account', response: { 204: empty('Gone') } });
const exportCrates = contract({ ...about, method: 'GET', path: '/api/crates.csv', response: { 200: media('text/csv', 'All') } });
const importCrates = contract({
  ...about,
  method: 'POST',
  path: '/api/import',
  access: 'session',
  body: [Type.Array(Crate), lines(Crate, 'A crate a line')],
  response: { 202: Type.Object({ count: Type.Integer() }) },
});

interface StoredCrate {
  readonly id: string;
  readonly side: 'buy' | 'sell';
  readonly weights: readonly number[];
  readonly note: string | undefined;
}
declare const stored: StoredCrate;

/** Compiled, and never run. */
export function answers(): readonly Route[] {
  return [
    route(readCrate, () => stored),
    route(readCrate, async ({ params, query }) => ({ id: params.id, side: 'buy', weights: [query.limit] })),
    route(watchCrate, async ({ reply }) => (reply.sent ? { status: 304 } : { status: 200, body: stored })),
    route(dropCrate, async ({ account }) => void account.id),
    route(exportCrates, async function* () {
      yield 'id;weight\n';
    } satisfies () => AsyncGenerator<string>),
    route(importCrates, async ({ body, identity }) => {
      if (Array.isArray(body)) return { count: body.length + identity.id.length };
      let count = 0;
      for await (const line of body) count += line.number;
      return { count };
    }),

    // @ts-expect-error: the answer is missing
    route(readCrate, async () => {}),
    // @ts-expect-error: a field is missing
    route(readCrate, async () => ({ id: 'a', side: 'buy' })),
    // @ts-expect-error: a field is of the wrong type
    route(readCrate, async () => ({ id: 1, side: 'buy', weights: [] })),
    // @ts-expect-error: a value is not in the schema
    route(readCrate, async () => ({ id: 'a', side: 'hold', weights: [] })),
    // @ts-expect-error: an item is of the wrong type
    route(readCrate, async () => ({ id: 'a', side: 'buy', weights: ['heavy'] })),
    // @ts-expect-error: the contract has several statuses, and the answer names none
    route(watchCrate, async () => stored),
    // @ts-expect-error: the contract does not have this status
    route(watchCrate, async () => ({ status: 404, body: stored })),
    // @ts-expect-error: 200 has a body
    route(watchCrate, async () => ({ status: 200 })),
    // @ts-expect-error: a number is not CSV
    route(exportCrates, async () => 5),
    // @ts-expect-error: the query has no such name
    route(readCrate, async ({ query }) => ({ ...stored, id: query.offset })),
    // @ts-expect-error: the path has no such name
    route(readCrate, async ({ params }) => ({ ...stored, id: params.name })),
    // @ts-expect-error: there is no query
    route(storeCrate, async ({ query }) => ({ ...stored, id: query.limit })),
    // @ts-expect-error: the body has no such field
    route(storeCrate, async ({ body }) => ({ ...stored, id: body.name })),
    // @ts-expect-error: anyone may call, so there may be no account
    route(readCrate, async ({ account }) => ({ ...stored, id: account.id })),
  ];
}

/** Compiled, and never run. */
export async function calls(): Promise<unknown> {
  const call = openClient<typeof readCrate | typeof storeCrate | typeof watchCrate | typeof dropCrate | typeof exportCrates>(
    async () => undefined,
  );
  const crate = await call('GET', '/api/crates/:id', { params: { id: 'a' }, query: { limit: 3 } });
  const texts: string[] = [crate.id, crate.side, await call('GET', '/api/crates.csv')];
  const nothing: undefined = await call('DELETE', '/api/crates');
  await call('POST', '/api/crates', { body: crate, headers: { 'idempotency-key': 'once' } });
  texts.push((await call('GET', '/api/watch')).id);

  // @ts-expect-error: there is no such path
  await call('GET', '/api/boxes');
  // @ts-expect-error: the path does not take this method
  await call('DELETE', '/api/watch');
  // @ts-expect-error: the path needs its id
  await call('GET', '/api/crates/:id');
  // @ts-expect-error: the query has no such name
  await call('GET', '/api/crates/:id', { params: { id: 'a' }, query: { offset: 3 } });
  // @ts-expect-error: the query's value is of the wrong type
  await call('GET', '/api/crates/:id', { params: { id: 'a' }, query: { limit: 'three' } });
  // @ts-expect-error: the body is missing
  await call('POST', '/api/crates', { headers: { 'idempotency-key': 'once' } });
  // @ts-expect-error: the key is missing
  await call('POST', '/api/crates', { body: crate });
  // @ts-expect-error: a field of the body is missing
  await call('POST', '/api/crates', { body: { id: 'a' }, headers: { 'idempotency-key': 'once' } });
  // @ts-expect-error: the answer has no such field
  return [texts, nothing, crate.name];
}

/** Compiled, and never run. */
export function contracts(): unknown {
  const response = { 200: Crate };
  return [
    // @ts-expect-error: the path has an id, the schema does not
    contract({ ...about, method: 'GET', path: '/api/crates/:id', response }),
    // @ts-expect-error: the schema has another name
    contract({ ...about, method: 'GET', path: '/api/crates/:id', params: Type.Object({ name: Type.String() }), response }),
    // @ts-expect-error: this access does not exist
    contract({ ...about, method: 'GET', path: '/api/crates', access: 'everyone', response }),
  ];
}

test('the compiler has checked the lines above', () => {});
