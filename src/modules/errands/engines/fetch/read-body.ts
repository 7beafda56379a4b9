/** Reads bodies, and stops as soon as there is more than the limit. */
import type { IncomingMessage } from 'node:http';
import type { ClientHttp2Stream } from 'node:http2';
import { Stopped } from './stopped.ts';

type Source = IncomingMessage | ClientHttp2Stream;

/** Throws `Stopped`. `isWhole` says, at the end, whether all of it came. The caller destroys the source after a failure. */
export function readBody(source: Source, announced: string | undefined, maxBytes: number, isWhole: () => boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(Stopped.failed('body_too_large', `the body is longer than ${maxBytes} bytes`));
    if (Number(announced ?? 0) > maxBytes) return tooLarge();
    const pieces: Buffer[] = [];
    let bytes = 0;
    let ended = false;
    const cut = () => {
      if (!ended) reject(Stopped.failed('body_cut', `the body ended after ${bytes} bytes, before it was whole`));
      ended = true;
    };
    source.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > maxBytes) {
        source.pause();
        return tooLarge();
      }
      pieces.push(piece);
    });
    source.on('end', () => {
      if (!isWhole()) return cut();
      ended = true;
      const [first] = pieces;
      resolve(pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces));
    });
    source.on('error', cut);
    source.on('close', cut);
  });
}
