/** Makes the error of an expected refusal out of its entry in a module's table. */
import { type ErrorDetail, KontorError, type Reason } from './errors.ts';
import type { Formats, RefusalTable, ValuesOf } from './refusals.ts';

const plain: Formats = {
  whole: (value) => String(value),
  date: (at) => Temporal.Instant.fromEpochMilliseconds(at).toString(),
};

type Arguments<Entry> = keyof ValuesOf<Entry> extends never
  ? [values?: ValuesOf<Entry>, field?: string]
  : [values: ValuesOf<Entry>, field?: string];

/** `field` is the one at fault, where it is about one. */
export function refuse<Table extends RefusalTable, Name extends keyof Table & string>(
  table: Table,
  name: Name,
  ...[values, field]: Arguments<Table[Name]>
): KontorError {
  const { reason, message } = reasonIn(table, name, values ?? {});
  const code = table[name]?.code ?? 'conflict';
  return new KontorError(code, message, { reason, details: field === undefined ? [] : [{ field, message, reason }] });
}

/** One of several things wrong with a request, such as a line of a file. */
export function fieldRefusal<Table extends RefusalTable, Name extends keyof Table & string>(
  table: Table,
  name: Name,
  field: string,
  values: ValuesOf<Table[Name]>,
): ErrorDetail {
  return { field, ...reasonIn(table, name, values) };
}

function reasonIn(table: RefusalTable, name: string, values: Reason['values']): { readonly reason: Reason; readonly message: string } {
  const entry = table[name];
  const words = [entry?.en(values, plain), entry?.advice?.(values)].filter((part) => part !== undefined);
  return { reason: { name, values }, message: words.join(' ') };
}
