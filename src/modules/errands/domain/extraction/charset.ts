/** The text of a page: in which charset it is, by its mark, its header, or its own first lines. */
import { isUtf8 } from 'node:buffer';
import type { Page } from './extraction.ts';

/** How far a declaration within a page is looked for, as browsers do. */
const declaredWithin = 1_024;

export function textOf({ body, contentType }: Page): string {
  return decoderOf(body, contentType).decode(body);
}

function decoderOf(body: Uint8Array, contentType = ''): TextDecoder {
  const marked = byMark(body);
  if (marked !== undefined) return new TextDecoder(marked);
  const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, declaredWithin)).toString('latin1');
  const named =
    decoderNamed(/charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(contentType)?.[1]) ??
    decoderNamed(/<meta[^>]{1,200}charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(start)?.[1]) ??
    decoderNamed(/^<\?xml[^>]{1,100}encoding\s*=\s*["']([\w.:-]{1,40})/i.exec(start)?.[1]);
  // Without a name it is UTF-8, unless it cannot be.
  return named ?? new TextDecoder(isUtf8(body) ? 'utf-8' : 'windows-1252');
}

function byMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

function decoderNamed(name: string | undefined): TextDecoder | undefined {
  try {
    return name === undefined ? undefined : new TextDecoder(name);
  } catch {
    return undefined;
  }
}
