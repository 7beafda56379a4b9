/** Reads robots.txt of hosts that are ordered from: what it allows and asks for is kept for a day. */
import { type Chore, startChore } from '#core/chores.ts';
import type { Ports } from '#core/ports/ports.ts';
import { keepRobotsMs, readRobots } from '../../hosts/read-robots.ts';
import type { Fetch } from '../../ports/fetch.ts';
import { findUnread, saveRobots } from '../../store/hosts/robots.ts';

const everyMs = 1_000;
const atOnce = 16;

export interface RobotsReaderOptions {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'random' | 'log' | 'metrics'>;
  readonly fetch: Fetch;
  fail(error: unknown): void;
}

export function startRobotsReader({ ports, fetch, fail }: RobotsReaderOptions): Chore {
  const { state, clock } = ports;

  return startChore({
    name: 'errands-robots',
    ports,
    everyMs,
    jitter: 0.2,
    failing: 'robots.txt of new hosts is not read',
    fail,
    async work() {
      const hosts = await state.read((queries) => findUnread(queries, clock.now() - keepRobotsMs, atOnce));
      if (hosts.length === 0) return undefined;
      const read = await Promise.all(hosts.map((host) => readRobots(fetch, host, clock)));
      await state.write((queries) => saveRobots(queries, read, clock.now()));
      return hosts.length === atOnce ? 'more' : undefined;
    },
  });
}
