/** Hooks that word refusals for components. */
import { houseRefusals } from '#core/house-refusals.ts';
import { type FieldProblem, type Reason, RequestFailure } from '../api/api.ts';
import { useFormats, useLanguage, useWords } from '../language/language.ts';
import type { AnyRefusals } from './refusal-table.ts';
import { fieldText, type Reader, reasonText, refusalText } from './refusal-text.ts';

let refusals: AnyRefusals = houseRefusals;

/** Adds the refusals of the areas; called once, when the app starts. */
export function addRefusals(tables: readonly AnyRefusals[]): void {
  refusals = Object.assign({}, refusals, ...tables);
}

function useReader(): Reader {
  return { language: useLanguage(), formats: useFormats(), refusals };
}

/** Words a refusal differently from the table, or returns undefined. */
export type Explain = (failure: RequestFailure) => string | undefined;

export function useFailureText(): (failure: unknown, explain?: Explain) => string {
  const { house } = useWords();
  const reader = useReader();
  return (failure, explain) => {
    if (!(failure instanceof RequestFailure)) return String(failure);
    return explain?.(failure) ?? (refusalText(failure, reader) || house.refusedSilently);
  };
}

export function useFieldText(): (problem: FieldProblem) => string {
  const reader = useReader();
  return (problem) => fieldText(problem, reader);
}

/** `otherwise` is the server's text, for unknown reasons. */
export function useReasonText(): (reason: Reason, otherwise: string) => string {
  const reader = useReader();
  return (reason, otherwise) => reasonText(reason, reader) ?? otherwise;
}
