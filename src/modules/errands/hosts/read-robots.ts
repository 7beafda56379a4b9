/** Asks a host for its robots.txt, and says what an errand may fetch by it. */
import { allowsEverything, allowsNothing, maxRobotsBytes, parseRobots, type Robots, robotsOf } from '../domain/fetching/robots.ts';
import type { Fetch } from '../ports/fetch.ts';
import type { ReadRobots } from '../store/hosts/robots.ts';
import type { HostRow } from '../store/hosts/tables.ts';

/** How the house is called in robots.txt. */
const robotsAgent = 'Kontor-Errands';
export const keepRobotsMs = 24 * 3_600_000;
/** A host that does not answer is asked again sooner. */
const keepFailureMs = 600_000;
const maxTotalMs = 10_000;

export async function readRobots(
  fetch: Fetch,
  { host, secure }: { readonly host: string; readonly secure: boolean },
  clock: { now(): number },
): Promise<ReadRobots> {
  const outcome = await fetch.fetch({
    method: 'GET',
    address: `${secure ? 'https' : 'http'}://${host}/robots.txt`,
    limits: { wireBytes: maxRobotsBytes, bodyBytes: maxRobotsBytes, totalMs: maxTotalMs },
  });
  const at = clock.now();
  const nothing = { host, state: 'nothing', text: null, delayMs: 0, at: at - keepRobotsMs + keepFailureMs } as const;
  if (outcome.kind !== 'fetched') return nothing;
  const text = outcome.body.toString();
  const robots = robotsOf(outcome.status, text);
  if (robots === allowsNothing) return nothing;
  if (robots === allowsEverything) return { host, state: 'everything', text: null, delayMs: 0, at };
  return { host, state: 'read', text, delayMs: parseRobots(text).crawlDelayMs(robotsAgent) ?? 0, at };
}

const maxParsed = 200;
/** By text: hosts are asked about again and again. */
const parsed = new Map<string, Robots>();

export function robotsAllow({ robots, robots_state }: Pick<HostRow, 'robots' | 'robots_state'>, address: string): boolean {
  if (robots_state === 'nothing') return false;
  if (robots_state !== 'read' || robots === null) return true;
  let rules = parsed.get(robots);
  if (rules === undefined) {
    if (parsed.size >= maxParsed) parsed.clear();
    rules = parseRobots(robots);
    parsed.set(robots, rules);
  }
  const { pathname, search } = new URL(address);
  return rules.allows(`${pathname}${search}`, robotsAgent);
}
