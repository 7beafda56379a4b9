/** Words a refusal in the user's language, or in the server's words if the app has none. */
import type { FieldProblem, Reason, RequestFailure } from '../api/api.ts';
import type { Formats, Language } from '../language/formats.ts';
import { codeTexts, fieldsText, lineText } from './code-texts.ts';
import type { AnyRefusals } from './refusal-table.ts';

export interface Reader {
  readonly language: Language;
  readonly formats: Formats;
  readonly refusals: AnyRefusals;
}

/** Undefined for an unknown reason, such as one of a newer server. */
export function reasonText({ name, values }: Reason, { language, formats, refusals }: Reader): string | undefined {
  return Object.hasOwn(refusals, name) ? refusals[name]?.[language](values as never, formats) : undefined;
}

export function fieldText({ message, reason }: FieldProblem, reader: Reader): string {
  return (reason && reasonText(reason, reader)) ?? message;
}

/** Empty if the answer has no text. */
export function refusalText({ said, message }: RequestFailure, reader: Reader): string {
  const { code, reason, fields } = said;
  const known = reason && reasonText(reason, reader);
  if (known !== undefined) return known;
  if (fields.some((field) => field.reason !== undefined)) {
    const each = fields.map((field) => `${nameOf(field, reader)}: ${fieldText(field, reader)}`);
    return `${fieldsText[reader.language]}: ${each.join('; ')}.`;
  }
  return codeTexts[code]?.[reader.language] ?? message;
}

function nameOf({ field }: FieldProblem, { language }: Reader): string {
  const [, number] = /^line (\d+)$/.exec(field) ?? [];
  return number === undefined ? field : lineText[language](number);
}
