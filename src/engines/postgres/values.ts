/** Conversion of values: integers as numbers, never rounded; JSON as text, as in SQLite. */
import pg from 'pg';
import { KontorError } from '#core/errors.ts';

const oid = { int8: 20, numeric: 1700, json: 114, jsonb: 3802 } as const;

export const resultTypes = {
  getTypeParser(type: number, format?: 'text' | 'binary'): (value: never) => unknown {
    if (type === oid.int8) return exactInteger;
    if (type === oid.numeric) return exactNumber;
    if (type === oid.json || type === oid.jsonb) return String;
    return pg.types.getTypeParser(type, format as 'text');
  },
};

function exactInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new KontorError('internal', `A stored integer is beyond 2^53 and would be rounded: ${text}`);
  return value;
}

/** The type of sums of integers, and of averages, which have a fraction. */
function exactNumber(text: string): number {
  return text.includes('.') ? Number(text) : exactInteger(text);
}

/** The same check as for SQLite, including numbers inside arrays. */
export function checkParameters(parameters: readonly unknown[]): void {
  for (const value of parameters) {
    if (Array.isArray(value)) checkParameters(value);
    else if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) throw beyond(value);
    else if (typeof value === 'bigint' && BigInt.asIntN(54, value) !== value) throw beyond(value);
  }
}

function beyond(value: number | bigint): KontorError {
  return new KontorError('invalid_input', `${value} is beyond 2^53 and would be rounded`);
}
