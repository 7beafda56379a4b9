/** What happened in a world, as a hash: two runs of a seed that differ anywhere have different ones. */
import { createHash } from 'node:crypto';

export interface Trace {
  note(what: string): void;
  /** Of all that was noted so far. */
  digest(): string;
}

/** Characters: hashing each line by itself takes several times as long. */
const hashedAtOnce = 65_536;

/** `print` gets every line, so that one can find the first difference between two runs. */
export function openTrace(nowMs: () => number, print?: (line: string) => void): Trace {
  const hash = createHash('sha256');
  let unhashed = '';
  return {
    note(what) {
      const line = `${nowMs().toFixed(3)} ${what}\n`;
      unhashed += line;
      if (unhashed.length > hashedAtOnce) {
        hash.update(unhashed);
        unhashed = '';
      }
      print?.(line);
    },
    digest: () => hash.copy().update(unhashed).digest('hex').slice(0, 16),
  };
}
