/** The role that shows the market: its view in memory, the REST routes, and the sockets `/live` and `/`. Any number may run. */
import type { Role, RoleContext, Service } from '#core/role.ts';
import { addRoutes } from '#http/route.ts';
import type { Web } from '#http/types.ts';
import { BatchesChannel } from '../api/live/batches-channel.ts';
import type { Channel } from '../api/live/channel.ts';
import { CompatiblePrices } from '../api/live/compatible-prices.ts';
import { LiveHub } from '../api/live/hub.ts';
import { MarketChannel } from '../api/live/market-channel.ts';
import { ProofChannel } from '../api/live/proof-channel.ts';
import { marketRoutes } from '../api/market-api.ts';
import { ProofTaker } from '../api/view/proof.ts';
import { MarketView } from '../api/view/view.ts';
import { watchedRoutes } from '../api/watched-routes.ts';
import type { StocksSettings } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { retiredCompanies } from '../store/outside-companies.ts';
import { readTapeMakers } from '../store/settings.ts';

export function liveviewRole(options: StocksSettings): Role<Web, OwnPorts> {
  return {
    name: 'stocks-liveview',
    says: 'Shows the stocks market as it changes: REST routes, and WebSockets on /live and /.',
    needs: ['stocks-aggregator'],
    instances: 'many',
    start: async (context) => startLiveview(options, context),
  };
}

function startLiveview(options: StocksSettings, { ports }: RoleContext<OwnPorts>): Service<Web> {
  const { results, clock, metrics, state } = ports;
  const log = ports.log.child({ role: 'stocks-liveview' });
  const view = new MarketView({
    results,
    clock,
    log,
    readSimulated: async () => (await state.read(readTapeMakers)).simulated,
    readRetired: () => state.read(retiredCompanies),
    expected: options.companies.map(({ code }) => code),
  });
  const proofTaker = new ProofTaker({ ...ports, view });
  const market = new MarketChannel(view);
  const proof = new ProofChannel({ taker: proofTaker, clock, log });

  function openChannel(name: string): Channel | string {
    if (name === 'market') return market;
    if (name === 'proof') return proof;
    const company = /^batches:(.+)$/.exec(name)?.[1];
    if (company === undefined) return 'There is no such channel; there are "market", "proof" and "batches:CODE".';
    // Before the first figures are read, no company is refused: it may exist.
    if (view.epoch !== undefined && !view.knows(company))
      return `There is no company ${company}: GET /api/stocks/companies lists those there are.`;
    return new BatchesChannel({ company, view, results, clock, log });
  }

  const hub = new LiveHub({ clock, metrics, openChannel, onBeat: () => view.look() });
  const prices = new CompatiblePrices({ view, clock });
  view.start();
  hub.start();
  prices.start();

  return {
    web: {
      routes: (server) =>
        addRoutes(server, [
          ...marketRoutes({ ports, view, proofTaker, instance: ports.random.id(), tradesPerSecond: options.tradesPerSecond }),
          ...watchedRoutes(ports, view),
        ]),
      sockets: [
        {
          path: '/live',
          says: 'Prices, closed batches and the proof as they change: docs/live-protocol.md',
          open: (socket) => hub.open(socket),
        },
        {
          path: '/',
          says: 'All prices, at once and then at least every 500 ms, for existing viewers',
          open: (socket) => prices.open(socket),
        },
      ],
    },
    status() {
      if (view.failure !== undefined) return { ready: false, says: `cannot read the results: ${view.failure}` };
      if (view.epoch === undefined) return { ready: false, says: 'reading its first figures' };
      return { ready: true, says: 'active' };
    },
    async drain(signal) {
      await Promise.all([hub.drain(signal), prices.drain(signal)]);
    },
    async stop() {
      await Promise.all([hub.stop(), prices.stop(), view.stop()]);
    },
  };
}
