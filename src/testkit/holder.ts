/** Holders for tests: any number within one process, which tests can declare gone, beside those of other processes. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Holder } from '#core/ports/holder.ts';
import { isRunning } from '#house/is-running.ts';

export interface TestHolder extends Holder {
  /** From now on every test holder in this process takes this one for gone, though its code may still run. */
  bury(): void;
}

const buried = new Set<string>();

export function processHolder(name: string): TestHolder {
  const id = `${hostname()}:${process.pid}:${name}-${randomBytes(4).toString('hex')}`;
  return {
    id,
    isGone: (holderId) => buried.has(holderId) || isEndedProcess(holderId),
    bury: () => void buried.add(id),
  };
}

function isEndedProcess(holderId: string): boolean {
  const [host, pidText] = holderId.split(':');
  const pid = Number(pidText);
  return host === hostname() && Number.isInteger(pid) && pid > 0 && !isRunning(pid);
}
