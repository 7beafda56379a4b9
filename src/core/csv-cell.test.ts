/** Cells that are harmless in a spreadsheet, and read back as they were. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fastCheck from 'fast-check';
import { CsvReader } from './csv.ts';
import { csvCell, fromCsvCell } from './csv-cell.ts';

it('no text begins a formula', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', "'=1"]) assert.match(csvCell(text), /^"?'/, JSON.stringify(text));
  assert.deepEqual([csvCell(-5), csvCell('tea'), csvCell('a,b'), csvCell('a "b"\n')], ['-5', 'tea', '"a,b"', '"a ""b""\n"']);
});

it('every text reads back as it was', () => {
  const text = fastCheck.string({ unit: fastCheck.constantFrom(...'ab\'"=+-@,;\t\r\n '), minLength: 1 });
  fastCheck.assert(
    fastCheck.property(fastCheck.array(text, { minLength: 2, maxLength: 4 }), (texts) => {
      const reader = new CsvReader();
      reader.read(Buffer.from('a,b,c,d\n'));
      const rows = [...reader.read(Buffer.from(`${texts.map(csvCell).join(',')}\r\n`)), ...reader.end()];
      const [row] = rows;
      assert.ok(row !== undefined && 'fields' in row, JSON.stringify(row));
      assert.deepEqual(row.fields.map(fromCsvCell), texts);
    }),
  );
});
