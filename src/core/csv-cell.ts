/** Cells of CSV that no spreadsheet takes for a formula: `=`, `+`, `-` and `@` begin one, and what it does runs on the reader's machine. */

const dangerous = /^'*[=+\-@\t\r]/;

/** Numbers as they are; text with a `'` before what could be a formula. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const harmless = dangerous.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The text that `csvCell` wrote. */
export function fromCsvCell(cell: string): string {
  return cell.startsWith("'") && dangerous.test(cell) ? cell.slice(1) : cell;
}
