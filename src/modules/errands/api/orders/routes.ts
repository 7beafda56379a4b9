/** Orders over HTTP. */
import type { FastifyReply } from 'fastify';
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import { hashOfBody } from '#core/request-keys.ts';
import { type Route, route } from '#http/route.ts';
import { balanceOf, walletOf } from '#modules/coins/post.ts';
import { maxOrders, type OrderTerms } from '../../domain/orders.ts';
import { type ErrandsSettings, hostRules } from '../../domain/settings.ts';
import type { OwnPorts } from '../../ports/ports.ts';
import { changeOrder, type OrderChange } from '../../store/orders/change.ts';
import { coinsAtFirst, type OrderingContext, placeOrders, refusedTerms } from '../../store/orders/create.ts';
import { listOpenRuns, listOrders, listToExport, timesAhead } from '../../store/orders/list.ts';
import { findOrder, termsOf } from '../../store/orders/own-order.ts';
import { noErrand, orderingRefused, runRefused, stepRefused } from '../../store/orders/refused.ts';
import { cancelOrder, type OneOrder, pauseOrder, resumeOrder, runNow, type Step } from '../../store/orders/steps.ts';
import * as contracts from './contracts.ts';
import { checkAllRobots, checkRobots } from './known-robots.ts';
import type { OrderInput } from './schemas.ts';
import { inputOf, nextTimes, startedAnew, termsFrom } from './terms.ts';
import { viewOrder, viewRun } from './views.ts';

export interface OrdersApi {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'random' | 'mail' | 'metrics'> & Pick<OwnPorts, 'fetch'>;
  readonly settings: ErrandsSettings;
}

export function ordersRoutes(api: OrdersApi): readonly Route[] {
  return [...placingRoutes(api), ...readingRoutes(api), ...changingRoutes(api)];
}

function contextOf({ ports: { clock, random, mail }, settings }: OrdersApi): OrderingContext {
  return { now: clock.now(), hosts: hostRules(settings), mail, random };
}

function readTerms(api: OrdersApi, input: OrderInput, place?: string): Promise<OrderTerms> {
  const { now, hosts } = contextOf(api);
  return termsFrom(input, { now, allowedHosts: hosts.allowed }, place);
}

async function showOrder({ ports: { state, clock } }: OrdersApi, id: string, accountId: string) {
  const { row, ahead } = await state.read(async (queries) => ({
    row: await findOrder(queries, id, accountId),
    ahead: await timesAhead(queries, [id], clock.now()),
  }));
  if (row === undefined) throw noErrand(id);
  return viewOrder(row, ahead.get(id));
}

interface Placing {
  readonly accountId: string;
  readonly key: string;
  /** What was sent: the same key with something else in it is refused. */
  readonly sent: unknown;
  readonly orders: readonly OrderTerms[];
}

async function place(api: OrdersApi, { accountId, key, sent, orders }: Placing, reply: FastifyReply): Promise<readonly string[]> {
  const request = { accountId, key, bodyHash: hashOfBody(JSON.stringify(sent)), orders };
  const answer = await api.ports.state.write((queries) => placeOrders(queries, request, contextOf(api)));
  if (answer.outcome !== 'ordered') throw orderingRefused(answer);
  if (answer.repeated) reply.header('idempotency-replayed', 'true');
  else api.ports.metrics.counter('errands_orders_total', 'Orders of errands that were made.').add(answer.orderIds.length);
  return answer.orderIds;
}

function placingRoutes(api: OrdersApi): readonly Route[] {
  const { state, clock } = api.ports;
  return [
    route(contracts.quoteOrder, async ({ account, body }) => {
      const terms = await readTerms(api, body);
      await checkRobots(api.ports, terms, hostRules(api.settings));
      const { refused, available } = await state.read(async (queries) => ({
        refused: await refusedTerms(queries, [terms], contextOf(api)),
        available: Math.max(0, (await balanceOf(queries, walletOf(account.id)))?.available ?? 0),
      }));
      if (refused !== undefined) throw orderingRefused(refused);
      const { repetitions } = terms.schedule;
      const price = {
        perRepetition: terms.copies,
        total: repetitions === null ? null : repetitions * terms.copies,
        now: coinsAtFirst(terms, available),
        available,
      };
      return { price, nextTimes: nextTimes(terms.schedule, undefined, '') };
    }),

    route(contracts.placeOrder, async ({ account, headers, body, reply }) => {
      const terms = await readTerms(api, body);
      await checkRobots(api.ports, terms, hostRules(api.settings));
      const placing = { accountId: account.id, key: headers['idempotency-key'], sent: body, orders: [terms] };
      const [id = ''] = await place(api, placing, reply);
      return showOrder(api, id, account.id);
    }),

    route(contracts.cloneOrder, async ({ account, params: { id }, headers, reply }) => {
      const row = await state.read((queries) => findOrder(queries, id, account.id));
      if (row === undefined) throw noErrand(id);
      const terms = termsOf(row);
      await checkRobots(api.ports, terms, hostRules(api.settings));
      // An instrument belongs to one order.
      const orders = [{ ...terms, schedule: startedAnew(terms.schedule, clock.now()), instrument: null }];
      const [clone = ''] = await place(api, { accountId: account.id, key: headers['idempotency-key'], sent: ['clone', id], orders }, reply);
      return showOrder(api, clone, account.id);
    }),

    route(contracts.importOrders, async ({ account, headers, body, reply }) => {
      const now = clock.now();
      const { allowed } = contextOf(api).hosts;
      const orders: OrderTerms[] = [];
      for (const [index, input] of body.orders.entries())
        orders.push(await termsFrom(input, { now, allowedHosts: allowed, mayBePast: true }, `orders/${index}/`));
      await checkAllRobots(api.ports, orders, hostRules(api.settings));
      const ids = await place(api, { accountId: account.id, key: headers['idempotency-key'], sent: body, orders }, reply);
      return { ids: [...ids] };
    }),
  ];
}

function readingRoutes(api: OrdersApi): readonly Route[] {
  const { state, clock } = api.ports;
  return [
    route(contracts.listOrders, async ({ account, query }) => {
      const { items, next, ahead } = await state.read(async (queries) => {
        const page = await listOrders(queries, { ...query, accountId: account.id });
        const ids = page.items.map(({ id }) => id);
        return { items: page.items, next: page.next, ahead: await timesAhead(queries, ids, clock.now()) };
      });
      return { orders: items.map((row) => viewOrder(row, ahead.get(row.id))), next };
    }),

    route(contracts.readOrder, ({ account, params: { id } }) => showOrder(api, id, account.id)),

    route(contracts.listRuns, async ({ account, params: { id }, query }) => {
      const { items, next } = await state.read(async (queries) => {
        if ((await findOrder(queries, id, account.id)) === undefined) throw noErrand(id);
        return listOpenRuns(queries, { ...query, orderId: id });
      });
      const now = clock.now();
      return { runs: items.map((run) => viewRun(run, now)), next };
    }),

    route(contracts.exportOrders, async ({ account, query: { id }, reply }) => {
      const rows = await state.read((queries) => listToExport(queries, account.id, id, maxOrders));
      if (id !== undefined && rows.length === 0) throw noErrand(id);
      reply.header('content-disposition', 'attachment; filename="errands.json"');
      return { format: 'kontor-errands', version: 1, orders: rows.map((row) => inputOf(termsOf(row))) };
    }),
  ];
}

function changingRoutes(api: OrdersApi): readonly Route[] {
  const { state, clock } = api.ports;

  async function step(order: OneOrder, work: (queries: Queries) => Promise<Step | OrderChange>) {
    const answer = await state.write(work);
    if (answer.outcome !== 'done') throw stepRefused(order.id, answer);
    return showOrder(api, order.id, order.accountId);
  }

  return [
    route(contracts.changeOrder, async ({ account, params: { id }, body }) => {
      const row = await state.read((queries) => findOrder(queries, id, account.id));
      if (row === undefined) throw noErrand(id);
      const { allowed } = contextOf(api).hosts;
      const terms = await termsFrom(body, { now: clock.now(), allowedHosts: allowed, before: termsOf(row).schedule });
      if (terms.address !== row.address) await checkRobots(api.ports, terms, hostRules(api.settings));
      const order = { id, accountId: account.id };
      return step(order, (queries) => changeOrder(queries, { id, accountId: account.id, terms }, contextOf(api)));
    }),

    route(contracts.pauseOrder, ({ account, params: { id } }) => {
      const order = { id, accountId: account.id };
      return step(order, (queries) => pauseOrder(queries, order, contextOf(api)));
    }),

    route(contracts.resumeOrder, ({ account, params: { id } }) => {
      const order = { id, accountId: account.id };
      return step(order, (queries) => resumeOrder(queries, order, contextOf(api)));
    }),

    route(contracts.cancelOrder, ({ account, params: { id } }) => {
      const order = { id, accountId: account.id };
      return step(order, (queries) => cancelOrder(queries, order, contextOf(api)));
    }),

    route(contracts.runOrder, async ({ account, params: { id }, headers, reply }) => {
      const asked = { id, accountId: account.id, key: headers['idempotency-key'] };
      const answer = await state.write((queries) => runNow(queries, asked, contextOf(api)));
      if (answer.outcome !== 'made') throw runRefused(id, answer);
      if (answer.repeated) reply.header('idempotency-replayed', 'true');
      return { orderId: id, generation: 0, slot: answer.slot };
    }),
  ];
}
