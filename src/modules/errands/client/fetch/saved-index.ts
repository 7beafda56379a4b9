/**
 * The index of saved results, a line of JSON each: it is also how far the client came. A line is written when its file is there,
 * and the next start continues after the last whole line, so that a kill at any moment leaves no gap and no double.
 */
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { invalidOption } from '#core/command/invalid-option.ts';
import { KontorError } from '#core/errors.ts';
import type { ResultItem } from '../../domain/result-items.ts';

export interface IndexLine extends ResultItem {
  /** The path in the folder; null where there was nothing to save. */
  readonly file: string | null;
}

export interface SavedIndex {
  /** The number in the feed of the last result that is saved; 0 for none. */
  readonly last: number;
  /** Results saved so far, by this run. */
  append(lines: readonly IndexLine[]): void;
  close(): void;
}

const indexName = 'index.jsonl';
/** Read backwards in such pieces until a line begins. */
const pieceBytes = 64 * 1024;
const maxLineBytes = 16 * 1024 * 1024;
const newline = 0x0a;

/** The first line says what the folder holds, so that no two kinds of results are mixed. `scope` is an order, or `all`. */
export function openSavedIndex(folder: string, scope: string): SavedIndex {
  // Not for appending, because a line that was cut off is removed.
  const path = join(folder, indexName);
  const file = openSync(path, 'a+', 0o600);
  try {
    const end = wholeLinesEnd(file);
    // Whatever was being written when the client was killed.
    if (end < fstatSync(file).size) ftruncateSync(file, end);
    if (end === 0) writeSync(file, `${JSON.stringify({ kontor: 'errands fetch', version: 1, scope })}\n`);
    else checkScope(lineAt(file, 0), scope, path);
    const last = end === 0 ? undefined : parsed(lastLine(file, end), path);
    let lastFeed = typeof last?.feed === 'number' ? last.feed : 0;
    return {
      get last() {
        return lastFeed;
      },
      append(lines) {
        if (lines.length === 0) return;
        writeWhole(file, path, Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
        lastFeed = lines.at(-1)?.feed ?? lastFeed;
      },
      close: () => closeSync(file),
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Durable when it returns. Of what does not fit on the disk, the next start removes the line that was cut off. */
function writeWhole(file: number, path: string, bytes: Buffer): void {
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fdatasyncSync(file);
  } catch (error) {
    throw new KontorError('storage_full', `${path} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

/** Where the last whole line ends; 0 in an empty file. */
function wholeLinesEnd(file: number): number {
  const { size } = fstatSync(file);
  const piece = Buffer.alloc(Math.min(size, maxLineBytes));
  const start = size - piece.length;
  readWhole(file, piece, start);
  const at = piece.lastIndexOf(newline);
  return at === -1 ? 0 : start + at + 1;
}

/** The line that ends at `end`, without its line break. */
function lastLine(file: number, end: number): string {
  for (let bytes = Math.min(pieceBytes, end); ; bytes = Math.min(bytes * 4, end)) {
    const piece = Buffer.alloc(bytes);
    readWhole(file, piece, end - bytes);
    const at = piece.lastIndexOf(newline, bytes - 2);
    if (at !== -1 || bytes === end || bytes > maxLineBytes) return piece.subarray(at + 1, bytes - 1).toString();
  }
}

function lineAt(file: number, start: number): string {
  const piece = Buffer.alloc(1_024);
  const bytes = readSync(file, piece, 0, piece.length, start);
  const at = piece.subarray(0, bytes).indexOf(newline);
  return piece.subarray(0, at === -1 ? bytes : at).toString();
}

function readWhole(file: number, piece: Buffer, start: number): void {
  for (let read = 0; read < piece.length; ) {
    const bytes = readSync(file, piece, read, piece.length - read, start + read);
    if (bytes === 0) return;
    read += bytes;
  }
}

function checkScope(line: string, scope: string, path: string): void {
  const first = parsed(line, path);
  if (first.kontor !== 'errands fetch' || first.version !== 1) throw damaged(path);
  if (first.scope === scope) return;
  const of = first.scope === 'all' ? 'all orders' : `the order ${String(first.scope)}`;
  throw invalidOption('--to', `the folder has results of ${of}: choose another folder, or the same order as before`);
}

function parsed(line: string, path: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    throw damaged(path);
  }
}

function damaged(path: string): KontorError {
  return new KontorError('storage_damaged', `${path} is not an index of saved results: move it away, or choose another folder`);
}
