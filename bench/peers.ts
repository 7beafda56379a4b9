/** A pair of processes, one that publishes and one that consumes, as the peer or the limit of a house on the same broker. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

const reportEveryMs = 50;

interface Peer {
  /** Resolves when it works and has declared what it needs. */
  readonly ready: Promise<unknown>;
  /** Trades consumed so far. */
  counted(): number;
  stop(): Promise<void>;
}

export interface Pair {
  /** Takes a role and the broker's address, and calls `reportCounted`. */
  readonly program: string;
  readonly publisher: string;
  readonly consumer: string;
  readonly url: string;
}

/** Trades consumed a second, over `measured` of them after `warmUp`. */
export async function peersPerSecond(
  { program, publisher, consumer, url }: Pair,
  { warmUp, measured }: { readonly warmUp: number; readonly measured: number },
  limitMs: number,
): Promise<number> {
  const consuming = startPeer(program, consumer, url);
  // One after the other: RabbitMQ 3.10 may fail when two declare the same queue at the same moment.
  await consuming.ready;
  const publishing = startPeer(program, publisher, url);
  try {
    const from = await untilCounted(consuming.counted, warmUp, limitMs);
    const to = await untilCounted(consuming.counted, from.trades + measured, limitMs);
    return (to.trades - from.trades) / ((to.atMs - from.atMs) / 1_000);
  } finally {
    await publishing.stop();
    await consuming.stop();
  }
}

/** For the pair's program: tells the bench how many trades were consumed, until the bench ends it. */
export async function reportCounted(counted: () => number): Promise<void> {
  // The bench has ended and cannot stop this process any more.
  process.on('disconnect', () => process.exit(0));
  while (process.connected) {
    process.send?.(counted());
    await setTimeout(reportEveryMs);
  }
}

function startPeer(program: string, role: string, url: string): Peer {
  const child = fork(program, [role, url], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let counted = 0;
  child.on('message', (message) => {
    counted = message as number;
  });
  return { ready: once(child, 'message'), counted: () => counted, stop: () => stopped(child) };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function untilCounted(counted: () => number, target: number, limitMs: number): Promise<{ trades: number; atMs: number }> {
  const startedMs = performance.now();
  while (counted() < target) {
    if (performance.now() - startedMs > limitMs) throw new Error(`${target} trades were not consumed within ${limitMs} ms`);
    await setTimeout(10);
  }
  return { trades: counted(), atMs: performance.now() };
}
