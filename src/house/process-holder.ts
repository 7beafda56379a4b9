/** Names this life of this process, and tells with certainty, on the same machine, that another life is over. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Holder } from '#core/ports/holder.ts';

export function processHolder(): Holder {
  const place = placeOfProcesses();
  const id = `${place}:${process.pid}:${randomBytes(6).toString('hex')}`;
  return {
    id,
    isGone(holderId) {
      const [otherPlace, pid] = holderId.split(':');
      if (holderId === id || otherPlace !== place) return false;
      if (!pid || !/^[1-9]\d{0,9}$/.test(pid)) return false;
      // Our own number with another id: an earlier life, whose number was given to us.
      return Number(pid) === process.pid || !isRunning(Number(pid));
    },
  };
}

/**
 * Where process numbers mean what they mean here. The host's name is not enough: two containers may share it and each
 * have a process 1, so the boot and the namespace of process numbers go in, where the system tells them.
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

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM means that it runs under another user; only ESRCH is certain.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
