/** How results are sent to a customer's receivers, over HTTP. */
import type { Ports } from '#core/ports/ports.ts';
import type { Seal } from '#core/ports/secrets.ts';
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import { shownSecret } from '../../domain/webhook-signature.ts';
import { errandsRefusals } from '../../refusals.ts';
import { renewWebhookSecret, webhookSecret } from '../../store/delivery/secrets.ts';
import { resumeWebhook, webhookState } from '../../store/delivery/webhooks.ts';
import { findOrder } from '../../store/orders/own-order.ts';
import { noErrand } from '../../store/orders/refused.ts';
import * as contracts from './contracts.ts';

export function deliveryRoutes({ state, random }: Pick<Ports, 'state' | 'random'>, seal: Seal): readonly Route[] {
  async function show(id: string, accountId: string) {
    const { order, found } = await state.read(async (queries) => ({
      order: await findOrder(queries, id, accountId),
      found: await webhookState(queries, id),
    }));
    if (order === undefined) throw noErrand(id);
    const { row, waiting } = found;
    const gaveUp = row !== undefined && row.gave_up_on !== null && row.gave_up_on === order.webhook;
    const works = row?.failure == null ? 'works' : 'fails';
    return {
      address: order.webhook,
      state: order.webhook === null ? 'off' : gaveUp ? 'given-up' : works,
      waiting,
      nextAt: row?.webhook_at ?? null,
      takenAt: row?.taken_at ?? null,
      takenNumber: row?.taken_number ?? null,
      failure: row?.failure ?? null,
      failures: row?.failures ?? 0,
      failedAt: row?.failed_at ?? null,
      gaveUpAt: gaveUp ? row.gave_up_at : null,
    } as const;
  }

  return [
    route(contracts.readWebhook, ({ account, params: { id } }) => show(id, account.id)),

    route(contracts.resumeWebhook, async ({ account, params: { id } }) => {
      const { address } = await show(id, account.id);
      if (address === null) throw refuse(errandsRefusals, 'no-webhook', { order: id });
      await state.write((queries) => resumeWebhook(queries, id));
      return show(id, account.id);
    }),

    route(contracts.readSecret, async ({ account }) => ({
      secret: shownSecret(await state.write((queries) => webhookSecret(queries, account.id, { random, seal }))),
    })),

    route(contracts.renewSecret, async ({ account }) => ({
      secret: shownSecret(await state.write((queries) => renewWebhookSecret(queries, account.id, { random, seal }))),
    })),
  ];
}
