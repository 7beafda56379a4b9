/** SQL of Kontor on Spark, in a process that ends with the test. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

interface SparkJob {
  readonly sql: string;
  /** The absolute paths of the Parquet files of each table. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
}

type Row = Readonly<Record<string, number>>;

export interface Spark {
  rows(job: SparkJob): Promise<readonly Row[]>;
  stop(): Promise<void>;
}

export function startSpark(python: string): Spark {
  const child = spawn(python, [path.join(import.meta.dirname, 'spark.py')], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let log = '';
  child.stderr.on('data', (chunk) => {
    log = (log + chunk).slice(-10_000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async rows(job) {
      child.stdin.write(`${JSON.stringify(job)}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error(`Spark ended: ${log}`);
      return JSON.parse(line.value) as readonly Row[];
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
