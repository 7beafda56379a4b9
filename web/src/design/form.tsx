/** Forms: fields with labels, hints and errors. A form sends one request at a time, and shows each error at its field. */
import './form.css';
import { type ComponentProps, createContext, type FormEvent, type ReactNode, useContext, useEffect, useId, useRef, useState } from 'react';
import { type FieldProblem, RequestFailure } from '../api/api.ts';
import { type Explain, useFailureText, useFieldText } from '../refusals/use-refusals.ts';

/** The error of the whole form, and the invalid fields. */
const Refused = createContext<{ readonly note: string; readonly fields: readonly FieldProblem[] }>({ note: '', fields: [] });

/** Returns the value of a field by its name. */
export type Typed = (name: string) => string;

export interface FormProps {
  /** Rejects with a RequestFailure if the request is refused. */
  onSubmit: (typed: Typed, form: HTMLFormElement) => Promise<void>;
  submit: string;
  children?: ReactNode;
  /** Shown beside the button. */
  beside?: ReactNode;
  explain?: Explain | undefined;
  /** Puts fields and button on one line. */
  inline?: boolean;
  plain?: boolean;
  disabled?: boolean;
}

export function Form({ onSubmit, submit, children, beside, explain, inline = false, plain = false, disabled = false }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<RequestFailure>();

  const failureText = useFailureText();
  const note = failure === undefined ? '' : failureText(failure, explain);

  // Focus moves to the first invalid field.
  useEffect(() => {
    if (failure !== undefined) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failure]);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || form.current === null) return;
    const typed = new FormData(form.current);
    setBusy(true);
    setFailure(undefined);
    try {
      await onSubmit((name) => String(typed.get(name) ?? ''), form.current);
    } catch (error) {
      setFailure(error instanceof RequestFailure ? error : new RequestFailure(0, String(error), error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form ref={form} className={inline ? 'form form-inline' : 'form'} onSubmit={send} aria-busy={busy}>
      <Refused value={{ note, fields: failure?.fields ?? [] }}>{children}</Refused>
      {note !== '' && (
        <p className="note note-bad" role="alert">
          {note}
        </p>
      )}
      <div className="form-actions">
        <button type="submit" className={plain ? 'button' : 'button button-strong'} disabled={busy || disabled}>
          {submit}
        </button>
        {beside}
      </div>
    </form>
  );
}

interface FieldProps {
  label: string;
  name: string;
  hint?: ReactNode;
  /** A narrow field, for figures and codes. */
  short?: boolean;
}

export function TextField({ label, name, hint, short = false, ...input }: FieldProps & Omit<ComponentProps<'input'>, 'name'>) {
  return (
    <Field label={label} name={name} hint={hint} short={short}>
      {(control) => <input required {...input} {...control} />}
    </Field>
  );
}

export function LongTextField({ label, name, hint, ...input }: FieldProps & Omit<ComponentProps<'textarea'>, 'name'>) {
  return (
    <Field label={label} name={name} hint={hint}>
      {(control) => <textarea {...input} {...control} />}
    </Field>
  );
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

export function SelectField({
  label,
  name,
  hint,
  options,
  ...select
}: FieldProps & { options: readonly Option[] } & Omit<ComponentProps<'select'>, 'name'>) {
  return (
    <Field label={label} name={name} hint={hint}>
      {(control) => (
        <select {...select} {...control}>
          <Options of={options} />
        </select>
      )}
    </Field>
  );
}

export function Options({ of }: { of: readonly Option[] }) {
  return of.map(({ value, text }) => (
    <option key={value} value={value}>
      {text}
    </option>
  ));
}

export function CheckField({ label, name, ...input }: FieldProps & Omit<ComponentProps<'input'>, 'name' | 'type'>) {
  return (
    <label className="check">
      <input {...input} type="checkbox" name={name} />
      {label}
    </label>
  );
}

/** The attributes that connect an input with its field. */
interface Control {
  readonly id: string;
  readonly name: string;
  readonly className: string;
  readonly 'aria-invalid': true | undefined;
  readonly 'aria-describedby': string | undefined;
}

/** A label, an input, its hint and its error. */
function Field({ label, name, hint, short = false, children }: FieldProps & { children: (control: Control) => ReactNode }) {
  const id = useId();
  // The server names fields by path: `shipTo.city` is the field `city`.
  const refused = useContext(Refused);
  const problem = refused.fields.find(({ field }) => field === name || field.endsWith(`.${name}`) || field.endsWith(`/${name}`));
  const fieldText = useFieldText();
  const text = problem && fieldText(problem);
  // The error of the form is not repeated at the field.
  const fault = text === refused.note ? undefined : text;
  const notes = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`].filter((part) => part !== '').join(' ');
  return (
    <p className={short ? 'form-field form-field-short' : 'form-field'}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        name,
        className: 'field',
        'aria-invalid': problem === undefined ? undefined : true,
        'aria-describedby': notes === '' ? undefined : notes,
      })}
      {hint !== undefined && (
        <span id={`${id}-hint`} className="form-hint">
          {hint}
        </span>
      )}
      {fault !== undefined && (
        <span id={`${id}-fault`} className="form-fault">
          {fault}
        </span>
      )}
    </p>
  );
}
