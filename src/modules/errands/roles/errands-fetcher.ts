/** The role errands-fetcher: fetches pages for the house. Any number may run. */
import { isOn } from '#core/options/in-demo.ts';
import type { Role, RoleContext, Service } from '#core/role.ts';
import { statusOf } from '#core/role-status.ts';
import type { Web } from '#http/types.ts';
import { openCompletion } from '../completion/completion.ts';
import { type ErrandsSettings, hostRules } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { Auditor } from './fetcher/auditor.ts';
import { startGoldMaker } from './fetcher/gold-maker.ts';
import { HouseMiner } from './fetcher/house-miner.ts';
import { startRobotsReader } from './fetcher/robots-reader.ts';

export function fetcherRole(settings: ErrandsSettings): Role<Web, OwnPorts> {
  return {
    name: 'errands-fetcher',
    says: 'Fetches pages for the house: audits, third attempts, and all others where there are no miners.',
    needs: ['relay'],
    instances: 'many',
    start: (context) => startFetcher(settings, context),
  };
}

async function startFetcher(settings: ErrandsSettings, { ports, fail }: RoleContext<OwnPorts>): Promise<Service<Web>> {
  const log = ports.log.child({ role: 'errands-fetcher' });
  const { fetch, reader } = ports;
  const completion = openCompletion(ports, settings);
  const likeMiners = isOn(settings.errandsHouseMiner, settings);
  const miner = new HouseMiner({ ports: { ...ports, log }, fetch, completion, likeMiners, visits: hostRules(settings), fail });
  const auditor = new Auditor({ ports: { ...ports, log }, fetch, reader, fail });
  const gold = startGoldMaker({ ...ports, log }, settings, fail);
  const robots = startRobotsReader({ ports: { ...ports, log }, fetch, fail });
  return {
    status: () => statusOf([miner, auditor, gold, robots]),
    async stop() {
      await Promise.all([miner.stop(), auditor.stop(), gold.stop(), robots.stop()]);
      await completion.close();
    },
  };
}
