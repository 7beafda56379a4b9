/** One's own results over HTTP. */
import type { FastifyReply } from 'fastify';
import type { Ports } from '#core/ports/ports.ts';
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import { minerAlias } from '../../domain/miner-alias.ts';
import { promiseMs } from '../../domain/orders.ts';
import { itemOf } from '../../domain/result-items.ts';
import type { OwnPorts } from '../../ports/ports.ts';
import { errandsRefusals } from '../../refusals.ts';
import { findOrder } from '../../store/orders/own-order.ts';
import { noErrand } from '../../store/orders/refused.ts';
import { compressedBody, decompressedBody } from '../../store/results/bodies.ts';
import { readPages } from '../../store/results/feed.ts';
import {
  findResult,
  listResults,
  type OneResult,
  pageBefore,
  readLatency,
  readSeries,
  type ShownResult,
} from '../../store/results/read.ts';
import * as contracts from './contracts.ts';

export type ResultsPorts = Pick<Ports, 'state' | 'clock' | 'random' | 'lake'> & Pick<OwnPorts, 'reader'>;

/** Characters of a page's text in an answer. */
const maxText = 200_000;
const hourMs = 3_600_000;

export function resultRoutes(ports: ResultsPorts): readonly Route[] {
  return [...listRoutes(ports), ...oneRoutes(ports)];
}

function listRoutes({ state, clock }: ResultsPorts): readonly Route[] {
  async function ownOrder(id: string, accountId: string): Promise<void> {
    if ((await state.read((queries) => findOrder(queries, id, accountId))) === undefined) throw noErrand(id);
  }

  return [
    route(contracts.listResults, async ({ account, query }) => {
      const { items, next } = await state.read((queries) => listResults(queries, { ...query, accountId: account.id }));
      return { results: items.map(itemOf), next };
    }),

    route(contracts.listOrderResults, async ({ account, params: { id }, query }) => {
      await ownOrder(id, account.id);
      const { items, next } = await state.read((queries) => listResults(queries, { ...query, accountId: account.id, orderId: id }));
      return { results: items.map(itemOf), next };
    }),

    route(contracts.readSeries, async ({ account, params: { id }, query: { days, points } }) => {
      await ownOrder(id, account.id);
      const to = clock.now() + 1;
      const ask = { orderId: id, accountId: account.id, from: to - days * 24 * hourMs, to, points };
      return { points: await state.read((queries) => readSeries(queries, ask)) };
    }),

    route(contracts.readLatency, async ({ account, query: { order, hours } }) => {
      if (order !== undefined) await ownOrder(order, account.id);
      const ask = { accountId: account.id, orderId: order, from: clock.now() - hours * hourMs };
      return { promiseMs, ...(await state.read((queries) => readLatency(queries, ask))) };
    }),
  ];
}

interface Read {
  readonly result: ShownResult;
  /** In gzip; null where there is none. */
  readonly page: Uint8Array | null;
  /** Of the result that the page is kept with. */
  readonly pageOf: number | null;
}

function oneRoutes({ state, lake, reader }: ResultsPorts): readonly Route[] {
  async function read(one: OneResult): Promise<Read> {
    const { orderId: order, number } = one;
    const result = await state.read((queries) => findResult(queries, one));
    if (result === undefined) throw refuse(errandsRefusals, 'no-result', { order, number });
    return withPage(result);
  }

  async function withPage(result: ShownResult): Promise<Read> {
    const { feed, order_id: order, number } = result;
    if (result.outcome === 'failed' || result.bytes === 0) return { result, page: null, pageOf: null };
    const kept = (await state.read((queries) => readPages(queries, [{ feed, order, number }]))).get(feed);
    const page = kept === undefined ? undefined : await compressedBody(lake, kept);
    return page === undefined || kept === undefined ? { result, page: null, pageOf: null } : { result, page, pageOf: kept.number };
  }

  async function textOf({ result: { content_type: contentType }, page }: Read): Promise<string | null> {
    return page === null ? null : reader.text({ body: await decompressedBody(page), contentType: contentType ?? undefined });
  }

  return [
    route(contracts.readResult, async ({ account, params: { id, number } }) => {
      const found = await read({ accountId: account.id, orderId: id, number });
      const { result, pageOf } = found;
      const text = await textOf(found);
      return {
        ...itemOf(result),
        timings: result.timings === null ? {} : JSON.parse(result.timings),
        miner: minerAlias(result.miner_id, id),
        pageOf,
        text: text?.slice(0, maxText) ?? null,
        textCut: (text?.length ?? 0) > maxText,
      };
    }),

    route(contracts.readPage, async ({ account, params: { id, number }, request, reply }) => {
      const { result, page } = await read({ accountId: account.id, orderId: id, number });
      if (page === null) throw refuse(errandsRefusals, 'no-page', { order: id, number });
      setHeaders(reply, result);
      if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return decompressedBody(page);
      reply.header('content-encoding', 'gzip');
      return page;
    }),

    route(contracts.readDifference, async ({ account, params: { id, number } }) => {
      const one = { accountId: account.id, orderId: id, number };
      const after = await read(one);
      const { pageOf, result } = after;
      const earlier = pageOf === null ? undefined : await state.read((queries) => pageBefore(queries, { ...one, number: pageOf }));
      const of = result.value !== null && earlier?.value != null ? 'value' : 'text';
      if (earlier === undefined) return { before: null, of, difference: null };
      const texts = of === 'value' ? [earlier.value, result.value] : await Promise.all([withPage(earlier).then(textOf), textOf(after)]);
      const [before, now] = texts;
      return { before: earlier.number, of, difference: before == null || now == null ? null : await reader.difference(before, now) };
    }),
  ];
}

/** A stranger wrote the page: nothing of it runs in the house's name, however it is opened. */
function setHeaders(reply: FastifyReply, { order_id, number, content_type }: ShownResult): void {
  reply
    .header('content-disposition', `attachment; filename="${order_id}-${number}"`)
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('vary', 'accept-encoding')
    .header('x-page-type', plainType(content_type));
}

/** Only what a header may hold. */
function plainType(contentType: string | null): string {
  return (contentType ?? 'application/octet-stream').replaceAll(/[^\x20-\x7e]/g, '').slice(0, 200);
}
