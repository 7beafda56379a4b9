/** What to tell of a refusal, in the reader's language; in the server's words where there are none of ours. */
import type { FieldProblem, Reason, RequestFailure } from '../api/api.ts';
import type { Formats } from '../language/formats.ts';
import type { RefusalWords } from './reasons.ts';

type Words = Pick<RefusalWords, 'codes' | 'fields' | 'line'> & {
  readonly reasons: Readonly<Record<string, (values: never, formats: Formats) => string>>;
};

/** Undefined for a reason that a newer server has, and we do not know. */
export function reasonText({ name, values }: Reason, { reasons }: Words, formats: Formats): string | undefined {
  return Object.hasOwn(reasons, name) ? reasons[name]?.(values as never, formats) : undefined;
}

export function fieldText({ message, reason }: FieldProblem, words: Words, formats: Formats): string {
  return (reason && reasonText(reason, words, formats)) ?? message;
}

/** Empty when nobody said anything. */
export function refusalText({ said, message }: RequestFailure, words: Words, formats: Formats): string {
  const { code, reason, fields } = said;
  const known = reason && reasonText(reason, words, formats);
  if (known !== undefined) return known;
  if (fields.some((field) => field.reason !== undefined)) {
    const each = fields.map((field) => `${nameOf(field, words)}: ${fieldText(field, words, formats)}`);
    return `${words.fields}: ${each.join('; ')}.`;
  }
  return words.codes[code] ?? message;
}

function nameOf({ field }: FieldProblem, { line }: Words): string {
  const [, number] = /^line (\d+)$/.exec(field) ?? [];
  return number === undefined ? field : line(number);
}
