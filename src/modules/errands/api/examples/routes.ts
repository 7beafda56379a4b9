/** Places the examples of a demonstration. */
import { invariant } from '#core/errors.ts';
import { refuse } from '#core/refuse.ts';
import { hashOfBody } from '#core/request-keys.ts';
import { type Route, route } from '#http/route.ts';
import { exampleNames, exampleOrder } from '../../demo/examples.ts';
import { hostRules } from '../../domain/settings.ts';
import { errandsRefusals } from '../../refusals.ts';
import { placeOrders } from '../../store/orders/create.ts';
import { findOrder } from '../../store/orders/own-order.ts';
import { orderingRefused } from '../../store/orders/refused.ts';
import { ordersOfAddress } from '../../store/orders/same-address.ts';
import type { OrdersApi } from '../orders/routes.ts';
import { termsFrom } from '../orders/terms.ts';
import { viewOrder } from '../orders/views.ts';
import * as contracts from './contracts.ts';

export function exampleRoutes({ ports: { state, clock, random, mail }, settings }: OrdersApi): readonly Route[] {
  const [host] = settings.ownHosts;
  return [
    route(contracts.listExamples, () => ({
      examples: host === undefined ? [] : exampleNames.map((name) => ({ name, order: exampleOrder(name, host) })),
    })),

    route(contracts.orderExample, async ({ account, params: { name } }) => {
      if (host === undefined) throw refuse(errandsRefusals, 'no-example', {});
      const now = clock.now();
      const terms = await termsFrom(exampleOrder(name, host), { now, allowedHosts: hostRules(settings).allowed });
      const row = await state.write(async (queries) => {
        const { live, ended } = await ordersOfAddress(queries, account.id, terms.address);
        if (live !== undefined) return findOrder(queries, live, account.id);
        // Two presses at once have the same key.
        const request = { accountId: account.id, key: `example-${name}-${ended}`, bodyHash: hashOfBody(name), orders: [terms] };
        const answer = await placeOrders(queries, request, { now, hosts: hostRules(settings), mail, random });
        if (answer.outcome !== 'ordered') throw orderingRefused(answer);
        return findOrder(queries, answer.orderIds[0] ?? '', account.id);
      });
      invariant(row, 'an example that was ordered is an order');
      return viewOrder(row);
    }),
  ];
}
