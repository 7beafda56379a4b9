/** Parses JSON bodies, after counting their depth and values. */
import type { FastifyInstance } from 'fastify';
import { KontorError } from '#core/errors.ts';
import { jsonLimits } from './limits.ts';

/** `maxBytes` where JSON may be less than the body limit of the route, which is for another kind of body. */
export function addJsonParser(server: FastifyInstance, maxBytes = Number.POSITIVE_INFINITY): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text: string, done) => {
    const excess = text.length > maxBytes ? `may have at most ${maxBytes} bytes as JSON: send less at a time` : jsonExcess(text);
    if (excess === undefined) void parse(request, text, done);
    else done(new KontorError('too_large', `The body ${excess}.`), undefined);
  });
}

/** Says which limit the text exceeds, or undefined. It does not check that the text is JSON. */
export function jsonExcess(text: string): string | undefined {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        break;
      case '[':
      case '{':
        depth += 1;
        values += 1;
        if (depth > jsonLimits.depth) return `is nested deeper than ${jsonLimits.depth} levels`;
        break;
      case ']':
      case '}':
        depth -= 1;
        break;
      case ',':
        values += 1;
        if (values > jsonLimits.values) return `holds more than ${jsonLimits.values} values: send fewer in one request`;
        break;
    }
  }
  return undefined;
}

/** The position of the quote that closes the string, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}
