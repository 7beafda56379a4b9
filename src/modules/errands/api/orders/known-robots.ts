/** What hosts allow is known before somebody pays for fetching from them. */
import type { ErrorDetail } from '#core/errors.ts';
import { KontorError } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import { fieldRefusal, refuse } from '#core/refuse.ts';
import type { OrderTerms } from '../../domain/orders.ts';
import { keepRobotsMs, readRobots, robotsAllow } from '../../hosts/read-robots.ts';
import type { OwnPorts } from '../../ports/ports.ts';
import { errandsRefusals } from '../../refusals.ts';
import { findHosts, type HostRules, lockHosts } from '../../store/hosts/hosts.ts';
import { type ReadRobots, saveRobots } from '../../store/hosts/robots.ts';
import type { HostRow } from '../../store/hosts/tables.ts';

type RobotsPorts = Pick<Ports, 'state' | 'clock'> & Pick<OwnPorts, 'fetch'>;

type Page = Pick<OrderTerms, 'host' | 'address'>;

/** Hosts that are asked at a time for one request. */
const maxAtOnce = 16;
/** After this no further host is asked; each has 10 seconds to answer, and a request has 30. */
const maxAskingMs = 15_000;
/** Refused orders of a file that are named. */
const maxDetails = 100;

/** Of one order. */
export async function checkRobots(ports: RobotsPorts, page: Page, rules: HostRules): Promise<void> {
  const known = await robotsOf(ports, [page], rules);
  const name = refusalOf(page, known);
  if (name !== undefined) throw refuse(errandsRefusals, name, { host: page.host }, 'address');
}

/** Of all orders of a file: each that is refused is named by its place. */
export async function checkAllRobots(ports: RobotsPorts, pages: readonly Page[], rules: HostRules): Promise<void> {
  const known = await robotsOf(ports, pages, rules);
  const details = pages.flatMap((page, index): readonly ErrorDetail[] => {
    const name = refusalOf(page, known);
    return name === undefined ? [] : [fieldRefusal(errandsRefusals, name, `orders/${index}/address`, { host: page.host })];
  });
  const [first] = details;
  if (first !== undefined)
    throw new KontorError('conflict', first.message, { reason: first.reason, details: details.slice(0, maxDetails) });
  const pending = [...known.values()].filter(({ robots_state }) => robots_state === 'unknown').length;
  if (pending > 0) throw refuse(errandsRefusals, 'robots-pending', { hosts: pending });
}

type Known = Pick<HostRow, 'robots' | 'robots_state'>;

function refusalOf({ host, address }: Page, known: ReadonlyMap<string, Known>): 'robots-disallow' | 'robots-silent' | undefined {
  const row = known.get(host);
  if (row === undefined || robotsAllow(row, address)) return undefined;
  return row.robots_state === 'nothing' ? 'robots-silent' : 'robots-disallow';
}

/** Asks hosts where nobody has for a day; those that could not be asked in time are unknown. Hosts of the house's own are left out. */
async function robotsOf(ports: RobotsPorts, pages: readonly Page[], rules: HostRules): Promise<ReadonlyMap<string, Known>> {
  const { state, clock } = ports;
  const byHost = new Map(pages.filter(({ host }) => !rules.allowed.includes(host)).map((page) => [page.host, page]));
  const hosts = [...byHost.keys()];
  const since = clock.now() - keepRobotsMs;
  const stored = await state.read((queries) => findHosts(queries, hosts));
  const known = new Map<string, Known>([...stored].filter(([, { robots_at }]) => robots_at !== null && robots_at > since));
  const read = await askHosts(
    ports,
    [...byHost.values()].filter(({ host }) => !known.has(host)),
  );
  if (read.length > 0)
    await state.write(async (queries) => {
      const now = clock.now();
      await lockHosts(
        queries,
        read.map(({ host }) => host),
        now,
      );
      await saveRobots(queries, read, now);
    });
  for (const { host, state: robots_state, text: robots } of read) known.set(host, { robots_state, robots });
  for (const host of hosts) if (!known.has(host)) known.set(host, { robots_state: 'unknown', robots: null });
  return known;
}

async function askHosts({ fetch, clock }: RobotsPorts, pages: readonly Page[]): Promise<readonly ReadRobots[]> {
  const untilMs = clock.monotonicMs() + maxAskingMs;
  const read: ReadRobots[] = [];
  const left = pages.values();
  const ask = async () => {
    for (const { host, address } of left) {
      if (clock.monotonicMs() >= untilMs) return;
      read.push(await readRobots(fetch, { host, secure: address.startsWith('https:') }, clock));
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxAtOnce, pages.length) }, ask));
  return read;
}
