/** The role that brings results to customers: the feed of their clients, webhooks, letters, and the upkeep of days. Any number may run. */
import { startChore } from '#core/chores.ts';
import type { Role, RoleContext, Service } from '#core/role.ts';
import { statusOf } from '#core/role-status.ts';
import { addRoutes } from '#http/route.ts';
import type { Web } from '#http/types.ts';
import { openFeed } from '../api/feed/feed.ts';
import { feedRoutes } from '../api/feed/routes.ts';
import { feedSocket } from '../api/feed/socket.ts';
import { type ErrandsSettings, resultsTopic } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { writeLetters } from '../store/delivery/letters.ts';
import { keepDays } from '../store/results/days.ts';
import { sendWebhooks } from './delivery/send-webhooks.ts';

const lettersMs = 10_000;
const lettersAtOnce = 20;
const daysMs = 1_800_000;

export function deliveryRole(settings: ErrandsSettings): Role<Web, OwnPorts> {
  return {
    name: 'errands-delivery',
    says: 'Sends results to the clients and receivers of customers.',
    needs: ['relay'],
    instances: 'many',
    start: (context) => startDelivery(settings, context),
  };
}

async function startDelivery(settings: ErrandsSettings, { ports: given }: RoleContext<OwnPorts>): Promise<Service<Web>> {
  const log = given.log.child({ role: 'errands-delivery' });
  const ports = { ...given, log };
  const { state, clock, mail } = ports;
  const seal = await ports.secrets.unlock();
  const feed = openFeed(ports);
  const webhooks = sendWebhooks({ ...ports, seal });
  const letters = startChore({
    name: 'errands-letters',
    ports,
    everyMs: lettersMs,
    jitter: 0.2,
    failing: 'letters about results are not written',
    async work() {
      const terms = { mail, now: clock.now(), limit: lettersAtOnce, origin: settings.publicOrigin };
      return (await state.write((queries) => writeLetters(queries, terms))) === lettersAtOnce ? 'more' : undefined;
    },
  });
  const days = startChore({
    name: 'errands-days',
    ports,
    everyMs: daysMs,
    jitter: 0.2,
    failing: 'old results are not removed, and days are not made ahead',
    work: async () => ((await keepDays(ports, settings.errandsKeepDays)) ? 'more' : undefined),
  });
  // A topic without a reader fills up and then blocks the outbox: this group reads it, also where others do.
  const reading = await ports.stream.consume(resultsTopic, 'errands-delivery', async () => 'done');
  const parts = [feed, webhooks, letters, days];
  return {
    web: {
      routes: (server) => addRoutes(server, feedRoutes(feed, clock)),
      sockets: [feedSocket(feed, clock, log)],
    },
    status: () => statusOf(parts),
    async drain() {
      feed.drain();
    },
    async stop() {
      await Promise.all([reading.stop(), ...parts.map((part) => part.stop())]);
    },
  };
}
