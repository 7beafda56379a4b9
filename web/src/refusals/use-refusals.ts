/** What components tell of refusals. */
import { houseRefusals } from '#core/house-refusals.ts';
import { type FieldProblem, type Reason, RequestFailure } from '../api/api.ts';
import { useFormats, useLanguage, useWords } from '../language/language.ts';
import type { AnyRefusals } from './refusal-table.ts';
import { fieldText, type Reader, reasonText, refusalText } from './refusal-text.ts';

let refusals: AnyRefusals = houseRefusals;

/** What the areas refuse: told once, when the app starts. */
export function addRefusals(tables: readonly AnyRefusals[]): void {
  refusals = Object.assign({}, refusals, ...tables);
}

function useReader(): Reader {
  return { language: useLanguage(), formats: useFormats(), refusals };
}

/** Says a refusal in other words than the table's. */
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

/** `otherwise` is what the server says in its own words. */
export function useReasonText(): (reason: Reason, otherwise: string) => string {
  const reader = useReader();
  return (reason, otherwise) => reasonText(reason, reader) ?? otherwise;
}
