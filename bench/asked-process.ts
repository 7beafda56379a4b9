/** A process that gets its work in one message, sends what it found in another, and ends. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** `program` is named relative to this folder. */
export async function askProcess<Found>(program: string, work: object): Promise<Found> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)));
  child.send(work);
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${program} ended with ${code}`)));
  ended.catch(() => {});
  const [found] = (await Promise.race([once(child, 'message'), ended])) as [Found];
  return found;
}
