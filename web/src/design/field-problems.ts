/** What is wrong with the fields of a form before it is sent, in the page's own words: the browser's bubbles speak its language, not ours. */
import type { FieldProblem } from '../api/api.ts';
import type { Words } from '../language/english.ts';

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export function problemsOf(form: HTMLFormElement, words: Words['fields']): readonly FieldProblem[] {
  return [...form.elements]
    .filter(isControl)
    .filter((control) => control.name !== '' && !control.validity.valid)
    .map((control) => ({ field: control.name, message: problemOf(control, words) }));
}

function isControl(element: Element): element is Control {
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement;
}

function problemOf(control: Control, words: Words['fields']): string {
  const { valueMissing, typeMismatch, badInput, rangeUnderflow, rangeOverflow, stepMismatch, tooShort, tooLong } = control.validity;
  if (valueMissing) return control instanceof HTMLSelectElement ? words.choose : words.missing;
  if (control instanceof HTMLSelectElement) return words.choose;
  if (typeMismatch) return control.type === 'email' ? words.email : words.address;
  if (tooShort) return words.tooShort(control.minLength);
  if (tooLong) return words.tooLong(control.maxLength);
  if (control instanceof HTMLTextAreaElement) return words.form;
  if (badInput) return words.number;
  if (rangeUnderflow) return words.least(control.min);
  if (rangeOverflow) return words.most(control.max);
  return stepMismatch ? words.whole : words.form;
}
