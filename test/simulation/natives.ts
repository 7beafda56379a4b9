/**
 * Does on the spot what Node does on its threads: compression and the making of keys. When a thread is done depends on the machine,
 * and would make two runs of a seed differ, as would what the process uses. To be imported before the product.
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import zlib from 'node:zlib';

type Done<Result> = (error: unknown, result?: Result) => void;

function onTheSpot<Input, Result>(work: (input: Input) => Result) {
  return (input: Input, ...rest: readonly unknown[]) => {
    const done = rest.at(-1) as Done<Result>;
    let result: Result;
    try {
      result = work(input);
    } catch (error) {
      queueMicrotask(() => done(error));
      return;
    }
    queueMicrotask(() => done(null, result));
  };
}

Object.assign(zlib, {
  gzip: onTheSpot((input: zlib.InputType) => zlib.gzipSync(input)),
  gunzip: onTheSpot((input: zlib.InputType) => zlib.gunzipSync(input)),
});

/** As Node's own has it, for `promisify`: an object of both keys. */
const generateKeyPair = Object.assign(() => {}, {
  [Symbol.for('nodejs.util.promisify.custom')]: async (kind: 'ed25519') => crypto.generateKeyPairSync(kind),
});
Object.assign(crypto, { generateKeyPair });
syncBuiltinESMExports();

/** What a process tells of its use of the machine is the same in each run. */
process.cpuUsage = () => ({ user: 0, system: 0 });
process.memoryUsage.rss = () => 0;

/** Kysely freezes each part of each query. Nothing relies on it, and it takes three percent of the time of a world. */
Object.freeze = <Value>(value: Value): Readonly<Value> => value;
