/** Reads a body of one JSON value per line as it arrives: at most one line and one chunk are in memory. */
import { KontorError } from '#core/errors.ts';
import { jsonExcess } from './json-body.ts';
import { jsonLimits } from './limits.ts';
import { nextTurn } from './turns.ts';

/** `number` counts from 1. Empty lines count, but are not returned. */
export type Line =
  | { readonly number: number; readonly text: string; readonly value: unknown }
  | { readonly number: number; readonly text: string; readonly problem: string };

const newline = 0x0a;

export async function* readLines(source: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line> {
  let number = 0;
  let bytes = 0;
  let yielded = 0;
  let rest: Buffer = Buffer.alloc(0);

  function* completeLines(chunk: Buffer, last: boolean): Generator<Line> {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      yield* oneLine(chunk.subarray(start, end));
      start = end + 1;
    }
    rest = chunk.subarray(start);
    if (last) yield* oneLine(rest);
    else if (rest.byteLength > jsonLimits.lineBytes) throw lineTooLong(number + 1);
  }

  function* oneLine(line: Buffer): Generator<Line> {
    number += 1;
    if (number > jsonLimits.lines)
      throw new KontorError('too_large', `The body has more than ${jsonLimits.lines} lines: send fewer lines in one request.`);
    if (line.byteLength > jsonLimits.lineBytes) throw lineTooLong(number);
    const text = textOf(line, number).trim();
    if (text !== '') yield { number, text, ...parsed(text) };
  }

  for await (const chunk of source) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new KontorError('too_large', `The body may have at most ${maxBytes} bytes: send less in one request.`);
    for (const line of completeLines(rest.byteLength === 0 ? chunk : Buffer.concat([rest, chunk]), false)) {
      yield line;
      yielded += 1;
      if (yielded % jsonLimits.linesAtOnce === 0) await nextTurn();
    }
  }
  yield* completeLines(rest, true);
}

function parsed(text: string): { readonly value: unknown } | { readonly problem: string } {
  const excess = jsonExcess(text);
  if (excess !== undefined) return { problem: excess };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `is not JSON: ${error instanceof Error ? error.message : error}` };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(line: Buffer, number: number): string {
  try {
    return utf8.decode(line);
  } catch {
    const message = `Line ${number} is not UTF-8: encode the body as UTF-8`;
    throw new KontorError('invalid_input', message, { details: [{ field: `line ${number}`, message }] });
  }
}

function lineTooLong(number: number): KontorError {
  return new KontorError('too_large', `Line ${number} has more than ${jsonLimits.lineBytes} bytes: send one value per line.`);
}
