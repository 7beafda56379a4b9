/** Sets the clock of a house under drill: see clock-preload.ts. */
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface SkewedClock {
  /** For every process of the house. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ahead, or behind when below zero. */
  setBy(ms: number): void;
}

export function skewedClock(folder: string): SkewedClock {
  const file = path.join(folder, 'clock-is-wrong-by-ms');
  const setBy = (ms: number) => {
    writeFileSync(`${file}.new`, String(ms));
    renameSync(`${file}.new`, file);
  };
  setBy(0);
  const preload = import.meta.resolve('./clock-preload.ts');
  return { environment: { NODE_OPTIONS: `--import=${preload}`, KONTOR_DRILL_CLOCK: file }, setBy };
}
