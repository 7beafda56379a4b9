/** Sends webhooks: several orders at a time, those of one order in their order, each again until its receiver took it. */
import { type Chore, startChore } from '#core/chores.ts';
import type { Counter } from '#core/ports/metrics.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Seal } from '#core/ports/secrets.ts';
import { itemOf } from '../../domain/result-items.ts';
import { signedHeaders } from '../../domain/webhook-signature.ts';
import type { OwnPorts } from '../../ports/ports.ts';
import { webhookSecret } from '../../store/delivery/secrets.ts';
import {
  claimSending,
  giveUp,
  isAnyDue,
  removeWebhook,
  type SendingOrder,
  sendingEnded,
  type WaitingWebhook,
  waitingWebhooks,
  webhookFailed,
  webhookTaken,
} from '../../store/delivery/webhooks.ts';

export type SendingPorts = Pick<Ports, 'state' | 'clock' | 'random' | 'log' | 'metrics' | 'mail'> &
  Pick<OwnPorts, 'fetch'> & { readonly seal: Seal };

/** Orders at a time: a slow receiver holds up only its own. */
const maxOrders = 32;
/** Webhooks of an order that are sent before others get their turn. */
const maxInRow = 50;
const pollMs = 1_000;
/** Hints come with every write of the house. */
const restMs = 100;
/** What a receiver answers is not read, but for its status. */
const limits = { bodyBytes: 64 * 1024, wireBytes: 64 * 1024, totalMs: 10_000 };

export function sendWebhooks(ports: SendingPorts): Chore {
  const { state, clock, random, metrics } = ports;
  const sent = metrics.counter('errands_webhooks_total', 'Webhooks sent, by outcome.', ['outcome']);
  const sending = new Set<Promise<void>>();
  const stopping = new AbortController();
  const chore = startChore({
    name: 'errands-webhooks',
    ports,
    everyMs: pollMs,
    jitter: 0.2,
    minRestMs: restMs,
    failing: 'webhooks are not sent',
    async work() {
      const limit = maxOrders - sending.size;
      if (limit <= 0 || !(await state.read((queries) => isAnyDue(queries, clock.now())))) return;
      const orders = await state.write((queries) => claimSending(queries, { limit, now: clock.now(), random }));
      for (const order of orders) {
        const work = sendOrder(ports, order, sent, stopping.signal)
          .catch((error: unknown) =>
            ports.log.warn({ err: error, order: order.orderId }, 'webhooks of an order could not be sent; trying again'),
          )
          .finally(() => {
            sending.delete(work);
            chore.wake();
          });
        sending.add(work);
      }
    },
  });
  const forgetChanges = state.onChange(() => chore.wake());
  return {
    status: () => chore.status(),
    wake: () => chore.wake(),
    ended: chore.ended,
    async stop() {
      forgetChanges();
      stopping.abort('stopped');
      await chore.stop();
      await Promise.all(sending);
    },
  };
}

/** What a crash leaves is sent by the next instance, when the lease has ended. */
async function sendOrder(ports: SendingPorts, order: SendingOrder, sent: Counter, signal: AbortSignal): Promise<void> {
  const { state, clock, random, mail } = ports;
  const webhooks = await state.read((queries) => waitingWebhooks(queries, order.orderId, maxInRow));
  const secret = webhooks.length === 0 ? '' : await state.write((queries) => webhookSecret(queries, order.accountId, ports));
  for (const webhook of webhooks) {
    if (signal.aborted) break;
    if (webhook.result === undefined) {
      await state.write((queries) => removeWebhook(queries, order.orderId, webhook.number));
      continue;
    }
    const failure = await send(ports, webhook, webhook.result, secret, signal);
    if (signal.aborted && failure !== undefined) break;
    sent.add(1, { outcome: failure === undefined ? 'taken' : 'failed' });
    const now = clock.now();
    if (failure === undefined) {
      if (await state.write((queries) => webhookTaken(queries, order, webhook.number, now))) continue;
      return;
    }
    if (now < webhook.givesUpAt) return state.write((queries) => webhookFailed(queries, order, failure, now, random));
    return state.write((queries) => giveUp(queries, mail, order, { address: webhook.address, failure, now }));
  }
  await state.write((queries) => sendingEnded(queries, order, clock.now()));
}

/** Resolves to why it failed; undefined when the receiver took it. */
async function send(
  { fetch, clock }: SendingPorts,
  { address, number }: WaitingWebhook,
  result: NonNullable<WaitingWebhook['result']>,
  secret: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const item = itemOf(result);
  const body = JSON.stringify({ type: item.withdraws === null ? 'result' : 'withdrawal', ...item });
  const headers = signedHeaders(secret, { id: `${item.order}-${number}`, at: clock.now(), body });
  const answer = await fetch.fetch({ method: 'POST', address, headers, body: new TextEncoder().encode(body), limits }, signal);
  if (answer.kind !== 'fetched') return answer.says;
  return answer.status >= 200 && answer.status < 300 ? undefined : `it answered with status ${answer.status}`;
}
