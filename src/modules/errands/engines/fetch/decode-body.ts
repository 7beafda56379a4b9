/** Decompresses bodies, and stops as soon as there is more than the limit. */
import { promisify } from 'node:util';
import {
  brotliDecompress,
  brotliDecompressSync,
  constants,
  gunzip,
  gunzipSync,
  inflate,
  inflateRaw,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib';
import { Stopped } from './stopped.ts';

/** Below it a body is decompressed at once, which is faster than in another thread and takes less than a millisecond. */
const smallBytes = 4 * 1024;
const smallBodyBytes = 256 * 1024;

/** Windows of zstd and Brotli above 8 and 16 MiB are refused: RFC 9659 and the zlib default. */
const zstdParams = { [constants.ZSTD_d_windowLogMax]: 23 };

type Options = { readonly maxOutputLength: number };

const decoders: Readonly<
  Record<
    string,
    { readonly atOnce?: (body: Buffer, options: Options) => Buffer; readonly aside: (body: Buffer, options: Options) => Promise<Buffer> }
  >
> = {
  gzip: { atOnce: gunzipSync, aside: promisify<Buffer, Options, Buffer>(gunzip) },
  'x-gzip': { aside: promisify<Buffer, Options, Buffer>(gunzip) },
  br: { atOnce: brotliDecompressSync, aside: promisify<Buffer, Options, Buffer>(brotliDecompress) },
  zstd: {
    atOnce: (body, { maxOutputLength }) => zstdDecompressSync(body, { maxOutputLength, params: zstdParams }),
    aside: (body, { maxOutputLength }) => promisify<Buffer, object, Buffer>(zstdDecompress)(body, { maxOutputLength, params: zstdParams }),
  },
  deflate: { aside: inflated },
};

export const acceptedEncodings = 'gzip, deflate, br, zstd';

/** Throws `Stopped`. */
export async function decodeBody(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const name = (encoding ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity' || body.length === 0) return body;
  const decoder = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (decoder === undefined) throw Stopped.failed('encoding_unknown', `the body is encoded as ${name.slice(0, 40)}`);
  try {
    if (decoder.atOnce !== undefined && body.length <= smallBytes) {
      try {
        return decoder.atOnce(body, { maxOutputLength: Math.min(smallBodyBytes, maxBytes) });
      } catch (error) {
        if (!isTooLarge(error) || maxBytes <= smallBodyBytes) throw error;
      }
    }
    return await decoder.aside(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (isTooLarge(error)) throw Stopped.failed('body_too_large', `the body is longer than ${maxBytes} bytes when decompressed`);
    throw Stopped.failed('encoding_broken', `the body is not whole ${name}: ${(error as Error).message}`);
  }
}

function isTooLarge(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
}

/** `deflate` means zlib's format; some servers send the bare one. */
function inflated(body: Buffer, options: Options): Promise<Buffer> {
  const hasZlibHeader = ((body[0] ?? 0) & 15) === 8 && (((body[0] ?? 0) << 8) | (body[1] ?? 0)) % 31 === 0;
  return promisify<Buffer, Options, Buffer>(hasZlibHeader ? inflate : inflateRaw)(body, options);
}
