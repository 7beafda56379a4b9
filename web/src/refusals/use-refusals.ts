/** What components tell of refusals. */
import { type FieldProblem, type Reason, RequestFailure } from '../api/api.ts';
import { useFormats, useLanguage, useWords } from '../language/language.ts';
import { english } from './english.ts';
import { german } from './german.ts';
import { fieldText, reasonText, refusalText } from './refusal-text.ts';

const dictionaries = { en: english, de: german };

/** Says a refusal in other words than the dictionary's. */
export type Explain = (failure: RequestFailure) => string | undefined;

export function useFailureText(): (failure: unknown, explain?: Explain) => string {
  const { house } = useWords();
  const words = dictionaries[useLanguage()];
  const formats = useFormats();
  return (failure, explain) => {
    if (!(failure instanceof RequestFailure)) return String(failure);
    return explain?.(failure) ?? (refusalText(failure, words, formats) || house.refusedSilently);
  };
}

export function useFieldText(): (problem: FieldProblem) => string {
  const words = dictionaries[useLanguage()];
  const formats = useFormats();
  return (problem) => fieldText(problem, words, formats);
}

/** `otherwise` is what the server says in its own words. */
export function useReasonText(): (reason: Reason, otherwise: string) => string {
  const words = dictionaries[useLanguage()];
  const formats = useFormats();
  return (reason, otherwise) => reasonText(reason, words, formats) ?? otherwise;
}
