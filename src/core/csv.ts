/** A streaming CSV reader (RFC 4180): rows with their line numbers, from pieces of any size, in bounded memory. */
import { KontorError } from './errors.ts';

/** A row's fields, or why it cannot be read. `line` is where it begins, counted from 1. */
export type CsvRow = { readonly line: number; readonly fields: readonly string[] } | { readonly line: number; readonly problem: string };

const delimiters = [',', ';', '\t'] as const;
export type Delimiter = (typeof delimiters)[number];

/** A longer row has an unclosed quote, or the file is not CSV. */
export const maxRowCharacters = 65_536;

export class CsvReader {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #rest = '';
  #line = 1;
  #delimiter: Delimiter | undefined;

  /** The header's delimiter; undefined until the header was read. */
  get delimiter(): Delimiter | undefined {
    return this.#delimiter;
  }

  /** Returns the rows that this piece completes, without blank lines. */
  read(piece: Uint8Array): readonly CsvRow[] {
    return this.#rows(this.#decoded(piece), false);
  }

  /** Returns the rest after the last piece: the last line may have no line break. */
  end(): readonly CsvRow[] {
    return this.#rows(this.#decoded(undefined), true);
  }

  #decoded(piece: Uint8Array | undefined): string {
    try {
      return piece ? this.#decoder.decode(piece, { stream: true }) : this.#decoder.decode();
    } catch {
      throw invalid(this.#line, 'the file is not UTF-8 at or after this line: convert it');
    }
  }

  #rows(text: string, isEnd: boolean): readonly CsvRow[] {
    const buffer = this.#rest + text;
    const rows: CsvRow[] = [];
    let start = 0;
    // Knowing the next quote lets lines without one (nearly all) be cut without a scan of each character.
    let quoteAt = nextQuote(buffer, 0);
    while (start < buffer.length) {
      if (quoteAt < start) quoteAt = nextQuote(buffer, start);
      let lineEnd = buffer.indexOf('\n', start);
      if (quoteAt < lineEnd) lineEnd = lineEndOutsideQuotes(buffer, start);
      const rowEnd = lineEnd === -1 ? buffer.length : lineEnd;
      if (rowEnd - start > maxRowCharacters) {
        throw invalid(this.#line, `this row is longer than ${maxRowCharacters} characters: is a quote not closed, or is the file not CSV?`);
      }
      if (lineEnd === -1 && !isEnd) break;
      this.#addRow(rows, buffer.slice(start, rowEnd), quoteAt < rowEnd);
      start = rowEnd + 1;
    }
    this.#rest = buffer.slice(start);
    return rows;
  }

  #addRow(rows: CsvRow[], rawText: string, isQuoted: boolean): void {
    const line = this.#line;
    this.#line += isQuoted ? rawText.split('\n').length : 1;
    const text = rawText.endsWith('\r') ? rawText.slice(0, -1) : rawText;
    if (text.trim() === '') return;
    this.#delimiter ??= delimiterOf(text);
    if (!isQuoted) rows.push({ line, fields: text.split(this.#delimiter) });
    else {
      const fields = quotedFields(text, this.#delimiter);
      rows.push(typeof fields === 'string' ? { line, problem: fields } : { line, fields });
    }
  }
}

function nextQuote(buffer: string, from: number): number {
  const at = buffer.indexOf('"', from);
  return at === -1 ? Number.POSITIVE_INFINITY : at;
}

/** Quotes come in pairs, because a quote within quotes is doubled. -1 when the row is not complete. */
function lineEndOutsideQuotes(buffer: string, from: number): number {
  for (let at = from; ; ) {
    const lineEnd = buffer.indexOf('\n', at);
    const opening = buffer.indexOf('"', at);
    if (lineEnd === -1 || opening === -1 || lineEnd < opening) return lineEnd;
    const closing = buffer.indexOf('"', opening + 1);
    if (closing === -1) return -1;
    at = closing + 1;
  }
}

/** The delimiter that the header has most of: names of columns hold none. */
function delimiterOf(header: string): Delimiter {
  const count = (delimiter: Delimiter) => header.split(delimiter).length;
  return delimiters.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

function quotedFields(text: string, delimiter: Delimiter): readonly string[] | string {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] !== '"') {
      const end = text.indexOf(delimiter, at);
      const field = text.slice(at, end === -1 ? text.length : end);
      if (field.includes('"'))
        return `has a quote inside ${JSON.stringify(field.slice(0, 40))}: a field with quotes must be quoted as a whole, and its quotes doubled`;
      fields.push(field);
      if (end === -1) return fields;
      at = end + 1;
      continue;
    }
    const close = closingQuote(text, at + 1);
    if (close === -1) return 'has a quote that is not closed';
    fields.push(text.slice(at + 1, close).replaceAll('""', '"'));
    if (close + 1 === text.length) return fields;
    if (text[close + 1] !== delimiter) return 'has text after a closing quote: a quote inside a field must be doubled';
    at = close + 2;
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return -1;
}

function invalid(line: number, message: string): KontorError {
  return new KontorError('invalid_input', `line ${line}: ${message}`, { details: [{ field: `line ${line}`, message }] });
}
