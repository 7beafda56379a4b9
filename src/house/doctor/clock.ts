/** What `kontor doctor` says of the clock, compared with that of PostgreSQL and of a web server. */
import type { Config } from '#config/options.ts';
import { schemeOf } from '#core/options/kinds.ts';
import { askPostgres } from './engine-probes.ts';
import { doubtful, type Finding, good, reasonOf, wrong } from './finding.ts';

const answerTimeoutMs = 5_000;
/** Runs are due, and offers end, at times that people see. */
const doubtfulMs = 2_000;
/** Codes of a second factor last 30 s. */
const wrongMs = 15_000;

export async function clockFindings({ stateUrl }: Pick<Config, 'stateUrl'>, server: string | undefined): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  if (schemeOf(stateUrl).startsWith('postgres'))
    findings.push(await compared('PostgreSQL', async () => (await askPostgres(stateUrl)).aheadMs));
  if (server !== undefined) findings.push(await compared(server, () => webServerAhead(server)));
  if (findings.length > 0) return findings;
  return [{ about: 'clock', verdict: 'open', says: 'not compared: --clock URL compares it with the clock of any web server' }];
}

async function compared(server: string, ahead: () => Promise<number>): Promise<Finding> {
  try {
    return offsetFinding(server, await ahead());
  } catch (error) {
    return { about: 'clock', verdict: 'open', says: `the clock of ${server} could not be read: ${reasonOf(error)}` };
  }
}

/** `aheadMs` is how far the clock of the server is ahead of ours. */
export function offsetFinding(server: string, aheadMs: number): Finding {
  const distance = Math.abs(aheadMs);
  if (distance < doubtfulMs) return good('clock', `within ${doubtfulMs / 1_000} s of the clock of ${server}`);
  const says = `${(distance / 1_000).toFixed(1)} s ${aheadMs > 0 ? 'behind' : 'ahead of'} the clock of ${server}`;
  const advice = 'let the system set its clock by itself: timedatectl set-ntp true, or chrony';
  return distance < wrongMs ? doubtful('clock', says, advice) : wrong('clock', says, advice);
}

async function webServerAhead(url: string): Promise<number> {
  const beganAt = Date.now();
  const answer = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(answerTimeoutMs) });
  const dateMs = Date.parse(answer.headers.get('date') ?? '');
  if (Number.isNaN(dateMs)) throw new Error('it does not tell the time');
  // It tells whole seconds: on average, half of one has passed.
  return dateMs + 500 - (beganAt + Date.now()) / 2;
}
