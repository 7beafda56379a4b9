/** Pages: compressed with gzip, which any program can read; small ones in the row of their result, larger ones in the lake. */

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { KontorError } from '#core/errors.ts';
import type { Lake } from '#core/ports/lake.ts';
import { dayName } from './day-name.ts';
import type { ResultRow } from './tables.ts';

export interface StoredBody {
  /** Of the page, before compression. */
  readonly bytes: number;
  readonly sha256: string;
  readonly body: Uint8Array | null;
  readonly bodyPath: string | null;
}

export interface BodyPlace {
  /** ERRANDS_INLINE_KB: compressed pages up to this size are kept in the row. */
  readonly inlineKb: number;
  /** The day of the result, as its row has it. */
  readonly day: number;
}

/** Of all pages in the lake. Below it is a folder for each day, so that old days are found without a list of all files. */
export const bodiesFolder = 'errands/bodies';
/** A page that is longer when it is decompressed is not read. */
const maxBodyBytes = 64 * 1024 * 1024;

const compress = promisify(gzip);
const decompress = promisify(gunzip);
/** More costs twice the time for a tenth less. */
const level = 1;

/**
 * Before the transaction that adds the result. A large page is in the lake when it resolves, once a day however often it is
 * stored; one whose result is not added after all is removed with its day.
 */
export async function storeBody(lake: Pick<Lake, 'create'>, page: Uint8Array, { inlineKb, day }: BodyPlace): Promise<StoredBody> {
  const known = { bytes: page.length, sha256: sha256Of(page) };
  if (page.length === 0) return { ...known, body: null, bodyPath: null };
  const body = await compress(page, { level });
  if (body.length <= inlineKb * 1_024) return { ...known, body, bodyPath: null };
  // Named by what is in the file, so that a path always has one content.
  const bodyPath = `${dayFolder(day)}/${sha256Of(body)}.gz`;
  await lake.create(bodyPath, body);
  return { ...known, body: null, bodyPath };
}

export function dayFolder(day: number): string {
  return `${bodiesFolder}/day=${dayName(day)}`;
}

/** The page as it is stored, in gzip; undefined when it is not kept any more. */
export async function compressedBody(
  lake: Pick<Lake, 'read'>,
  { body, body_path }: Pick<ResultRow, 'body' | 'body_path'>,
): Promise<Uint8Array | undefined> {
  if (body !== null) return body;
  return body_path === null ? undefined : lake.read(body_path);
}

/** The page itself. Refuses one of more than `maxBytes` with `too_large`. */
export async function decompressedBody(compressed: Uint8Array, maxBytes = maxBodyBytes): Promise<Buffer> {
  try {
    return await decompress(compressed, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new KontorError('too_large', `The page has more than ${maxBytes} bytes.`, { cause: error });
    throw new KontorError('storage_damaged', 'A stored page cannot be decompressed.', { cause: error });
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
