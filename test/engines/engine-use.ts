/** Files of tests that run at the same time share the engines: many use one together, or one has it alone and may kill it. */
import path from 'node:path';
import { restartFileTime } from '../../tools/end-slow-test.ts';
import { type FileLock, lockFile } from '../../tools/engines/file-lock.ts';
import { enginesFolder, madeFolder } from '../../tools/engines/place.ts';

export type EngineUse = 'together' | 'alone';

/** Longer than any file uses an engine. */
const waitMs = 1_200_000;
const toldMs = 1_000;

/** Of this process, in the order in which they were taken. */
const uses = new Map<string, FileLock>();

/** Files that take engines in the order of their names never wait for each other in a circle. */
export function assertNextInOrder(name: string): void {
  const last = [...uses.keys()].at(-1) ?? '';
  if (name < last && !uses.has(name))
    throw new Error(`Ask for the engine ${name} before ${last}: engines are taken in the order of their names.`);
}

/** Whole clusters run one at a time: each keeps a small machine busy. Called before any engine is asked for. */
export function takeCluster(): void {
  // A name before those of all engines.
  takeEngine('.cluster', 'alone');
}

/** Waits until the engine is free for this use. It is in use until the process ends. */
export function takeEngine(name: string, use: EngineUse): void {
  if (uses.has(name)) return;
  const startedAtMs = performance.now();
  uses.set(name, lockFile(path.join(madeFolder(path.join(enginesFolder(), 'uses')), `${name}.db`), { alone: use === 'alone', waitMs }));
  const waitedMs = performance.now() - startedAtMs;
  if (waitedMs > toldMs) process.stdout.write(`waited ${(waitedMs / 1000).toFixed(0)} s until ${name} could be used ${use}\n`);
  restartFileTime();
}
