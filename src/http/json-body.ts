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

/**
 * Says which limit the text exceeds, or undefined. It does not check that the text is JSON: where it sees that it is not, it leaves it to the
 * parser, which gets no further. Regular expressions find what counts many times as fast as a look at each character.
 */
export function jsonExcess(text: string): string | undefined {
  const marks = /["[\]{},]/g;
  const endsOfStrings = /(?<!\\)(?:\\\\)*"/g;
  let depth = 0;
  let values = 1;
  let strings = 0;
  while (marks.test(text)) {
    switch (text[marks.lastIndex - 1]) {
      case '"':
        strings += 1;
        endsOfStrings.lastIndex = marks.lastIndex;
        if (!endsOfStrings.test(text)) return undefined;
        marks.lastIndex = endsOfStrings.lastIndex;
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
        break;
    }
    if (values > jsonLimits.values) return `holds more than ${jsonLimits.values} values: send fewer in one request`;
    // In JSON, a value has at most a name and a text.
    if (depth < 0 || strings > 2 * values) return undefined;
  }
  return undefined;
}
