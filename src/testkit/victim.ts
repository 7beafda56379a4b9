/** Victims: processes that use an engine until a test kills them with SIGKILL. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

/**
 * How a victim opens an engine, as plain data that can be sent to it. It calls the named export with these options and its
 * clock, log and holder. An option that is an opener is opened first.
 */
export interface Opener {
  /** A module's URL, such as `import.meta.resolve('./sqlite.ts')`. */
  readonly module: string;
  readonly name: string;
  readonly options: Readonly<Record<string, string | number | boolean | Opener>>;
}

/** The kinds of work; see victim-main.ts. */
export type VictimWork =
  | { readonly kind: 'write-rows'; readonly opener: Opener }
  | { readonly kind: 'publish'; readonly opener: Opener; readonly topic: string; readonly partition: string }
  | {
      readonly kind: 'consume-without-acknowledging';
      readonly opener: Opener;
      readonly topic: string;
      readonly group: string;
      /** The file for its position, in place of a result. */
      readonly positionFile: string;
    }
  /** Files 1, 2, 3 … of `lakeFileOf`. */
  | { readonly kind: 'create-files'; readonly opener: Opener }
  | { readonly kind: 'apply-results'; readonly opener: Opener; readonly company: string }
  | { readonly kind: 'check-out'; readonly opener: Opener; readonly customers: readonly string[] }
  | {
      readonly kind: 'book-flights';
      readonly opener: Opener;
      readonly customers: readonly string[];
      readonly flights: readonly string[];
    }
  /** Makes runs of all orders of errands that are due. */
  | { readonly kind: 'make-runs'; readonly opener: Opener }
  /** Mines errands in fast time, as a desk and its miner in one. */
  | {
      readonly kind: 'mine';
      readonly opener: Opener;
      readonly miner: string;
      readonly time: { readonly startedAt: number; readonly speed: number };
    }
  | { readonly kind: 'record-accesses'; readonly opener: Opener; readonly folder: string; readonly flights: readonly string[] }
  | { readonly kind: 'price-flights'; readonly opener: Opener; readonly folder: string };

export interface Victim {
  /** The reports so far, oldest first. */
  readonly reports: readonly number[];
  /** Waits for `count` reports. */
  reported(count: number): Promise<void>;
  /** Ends it with SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
}

const main = fileURLToPath(new URL('./victim-main.ts', import.meta.url));
const startTimeoutMs = 60_000;

export function startVictim(work: VictimWork): Victim {
  const child = fork(main, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'json' });
  const reports: number[] = [];
  const complaint = complaintOf(child);
  child.on('message', (report) => reports.push(report as number));
  child.send(work);
  return {
    reports,
    async reported(count) {
      await until(
        () => {
          if (child.exitCode !== null) throw new Error(`the victim ended unexpectedly: ${complaint()}`);
          return reports.length >= count;
        },
        { timeoutMs: startTimeoutMs, describe: () => `${count} reports of a victim; ${reports.length} came. ${complaint()}` },
      );
    },
    async kill() {
      if ((child.exitCode ?? 0) !== 0) throw new Error(`the victim ended before it was killed: ${complaint()}`);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const maxComplaintLength = 4_000;

function complaintOf(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (piece) => {
    text = `${text}${piece}`.slice(-maxComplaintLength);
  });
  return () => text.trim();
}
