/** The limits of the lake, the same on every engine. */
import { invariant, KontorError } from '#core/errors.ts';
import { type LakePage, maxLakeFileBytes, maxLakePage } from '#core/ports/lake.ts';

export function expectLakeSize(path: string, bytes: number): void {
  if (bytes <= maxLakeFileBytes) return;
  throw new KontorError('too_large', `${path} has ${bytes} bytes: a file in the lake has at most ${maxLakeFileBytes}; split it`);
}

export function expectLakePage({ limit }: LakePage): void {
  invariant(Number.isInteger(limit) && limit >= 1 && limit <= maxLakePage, `a page has 1 to ${maxLakePage} files, not ${limit}`);
}

/** The message does not repeat the address, which may hold secrets. */
export function invalidLakeAddress(expected: string): KontorError {
  const message = `the address of the lake is not valid: expected ${expected}`;
  return new KontorError('invalid_option', message, { details: [{ field: 'LAKE_URL', message }] });
}
