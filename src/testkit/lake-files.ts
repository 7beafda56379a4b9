/** Numbered files for a lake: the content follows from the number, so that any reader can check it. */
import { createHash } from 'node:crypto';

export interface NumberedFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** Long enough for several writes. */
const blocks = 2_000;

export function lakeFileOf(number: number): NumberedFile {
  const block = createHash('sha256').update(`lake file ${number}`).digest();
  const name = String(number).padStart(6, '0');
  return {
    path: `numbered/dt=2026-01-${String(1 + (number % 28)).padStart(2, '0')}/hr=05/p0-${name}.parquet`,
    content: Buffer.concat(Array.from({ length: blocks }, () => block)),
  };
}
