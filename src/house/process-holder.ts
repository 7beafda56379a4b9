/** Names this process, and detects reliably whether another process on this machine has ended. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Holder } from '#core/ports/holder.ts';
import { isRunning } from './is-running.ts';

export function processHolder(): Holder {
  const place = placeOfProcesses();
  const id = `${place}:${process.pid}:${randomBytes(6).toString('hex')}`;
  return {
    id,
    isGone(holderId) {
      const [otherPlace, pid] = holderId.split(':');
      if (holderId === id || otherPlace !== place) return false;
      if (!pid || !/^[1-9]\d{0,9}$/.test(pid)) return false;
      // Our process number with another id: an earlier process that had the same number.
      return Number(pid) === process.pid || !isRunning(Number(pid));
    },
  };
}

/**
 * Names the space in which process numbers are unique. The host name is not enough: two containers may share it and each have a
 * process 1, so the boot id and the process namespace are included where the system reports them.
 */
function placeOfProcesses(): string {
  const name = hostname().replaceAll(':', '-');
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    const namespace = readlinkSync('/proc/self/ns/pid');
    return `${name}-${createHash('sha256').update(boot).update(namespace).digest('hex').slice(0, 8)}`;
  } catch {
    return name;
  }
}
