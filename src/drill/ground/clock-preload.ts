/**
 * Loaded into the processes of a house under drill, before anything else (`node --import`): their clock is wrong by as many milliseconds
 * as a file says, as when somebody sets the clock of the machine. Timers go on as they were, as they do then.
 */
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.KONTOR_DRILL_CLOCK;
const readEveryMs = 50;
/** Not the process that supervises a cluster. */
const isHouse = !isMainThread || ['up', 'run'].includes(process.argv[2] ?? '');

if (file !== undefined && isHouse) setClockBy(file);

function setClockBy(path: string): void {
  const rightNow = Date.now;
  let wrongByMs = 0;
  const read = () => {
    try {
      wrongByMs = Number(readFileSync(path, 'utf8')) || 0;
    } catch {
      wrongByMs = 0;
    }
  };
  read();
  setInterval(read, readEveryMs).unref();
  const now = () => rightNow() + wrongByMs;
  globalThis.Date = new Proxy(Date, {
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new Date(now()).toString(),
  });
}
