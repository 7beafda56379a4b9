/** CSV as in RFC 4180 and as spreadsheets write it, in pieces of any size. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { CsvReader, type CsvRow, maxRowCharacters } from './csv.ts';

function rowsOf(content: string | Uint8Array, pieceBytes = Number.POSITIVE_INFINITY): readonly CsvRow[] {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const reader = new CsvReader();
  const rows: CsvRow[] = [];
  for (let start = 0; start < bytes.length; start += pieceBytes) rows.push(...reader.read(bytes.subarray(start, start + pieceBytes)));
  rows.push(...reader.end());
  return rows;
}

const fieldsOf = (content: string) => rowsOf(content).map((row) => ('fields' in row ? row.fields : row.problem));

describe('CsvReader', () => {
  it('reads lines that end in LF or CRLF, and a last line without either', () => {
    const expected = [
      ['a', 'b'],
      ['1', '2'],
    ];
    for (const content of ['a,b\n1,2\n', 'a,b\r\n1,2\r\n', 'a,b\n1,2', '\uFEFFa,b\r\n1,2']) assert.deepEqual(fieldsOf(content), expected);
  });

  it('finds the separator from the header', () => {
    assert.deepEqual(fieldsOf('a;b\n1,5;2'), [
      ['a', 'b'],
      ['1,5', '2'],
    ]);
    assert.deepEqual(fieldsOf('a\tb\n1\t2,3;4')[1], ['1', '2,3;4']);
  });

  it('reads quoted fields with separators, quotes and line breaks', () => {
    assert.deepEqual(fieldsOf('a,b\n"x, ""y""","two\r\nlines"\n"",2\n'), [
      ['a', 'b'],
      ['x, "y"', 'two\r\nlines'],
      ['', '2'],
    ]);
  });

  it('counts lines, including blank ones and those within quotes', () => {
    assert.deepEqual(
      rowsOf('a,b\n\n"1\n\n1",2\n  \n3,4').map(({ line }) => line),
      [1, 3, 7],
    );
  });

  it('reports what is wrong with quotes', () => {
    const [, inside, after, open] = fieldsOf('a,b\nx"y",1\n"x"y,1\n"open,1\n');
    assert.match(String(inside), /must be quoted as a whole/);
    assert.match(String(after), /text after a closing quote/);
    assert.match(String(open), /not closed/);
  });

  it('refuses an endless row and text that is not UTF-8, naming the line', () => {
    assert.throws(() => rowsOf(`a,b\n1,2\n"${'x\n'.repeat(maxRowCharacters)}`, 1_000), /^KontorError: line 3: .*is a quote not closed/);
    assert.throws(() => rowsOf(new Uint8Array([0x61, 0x0a, 0xff, 0x0a])), /not UTF-8/);
  });

  it('reads the same rows from pieces of any size', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ü', '💶', ',', '"', '\n', '\r\n', ' ', '1') });
    const file = fc.array(fc.array(text, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(file, fc.integer({ min: 1, max: 7 }), (rows, pieceBytes) => {
        const written = rows.map((fields) => fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')).join('\r\n');
        const content = `h1,h2\r\n${written}`;
        assert.deepEqual(
          rowsOf(content, pieceBytes).map((row) => ('fields' in row ? row.fields : row.problem)),
          [['h1', 'h2'], ...rows],
        );
        assert.deepEqual(rowsOf(content, pieceBytes), rowsOf(content));
      }),
    );
  });
});
