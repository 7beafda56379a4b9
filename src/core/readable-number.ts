/** A number as people read it in English: `1,292`. */
export function readableNumber(value: number): string {
  return value.toLocaleString('en-US');
}
