/** Forms: fields with labels, hints and errors. A form sends one request at a time, and shows each error at its field. */
import './form.css';
import { type ComponentProps, createContext, type FormEvent, type ReactNode, useContext, useEffect, useId, useRef, useState } from 'react';
import { type FieldProblem, RequestFailure } from '../api/api.ts';
import { useWords } from '../language/language.ts';
import { type Explain, useFailureText, useFieldText } from '../refusals/use-refusals.ts';
import { Confirm, type Question } from './confirm.tsx';
import { problemsOf } from './field-problems.ts';
import { Icon } from './marks.tsx';

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
  /** Asked before it sends; undefined where nothing needs to be asked. */
  ask?: ((typed: Typed) => Question | undefined) | undefined;
  /** Puts fields and button on one line. */
  inline?: boolean;
  plain?: boolean;
  disabled?: boolean;
}

export function Form({ onSubmit, submit, children, beside, explain, ask, inline = false, plain = false, disabled = false }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<RequestFailure>();
  /** What the page itself finds wrong, before anything is sent. */
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  const { fields: words } = useWords();
  const [question, setQuestion] = useState<Question>();

  const failureText = useFailureText();
  const note = failure === undefined ? '' : failureText(failure, explain);

  // Focus moves to the first invalid field, which may be folded away.
  useEffect(() => {
    if (failure === undefined && problems.length === 0) return;
    const invalid = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    invalid?.closest('details')?.setAttribute('open', '');
    if (invalid) invalid.focus();
    // An input of the form's own has no place for a text.
    else if (problems.length > 0) form.current?.reportValidity();
  }, [failure, problems]);

  const begin = (event: FormEvent) => {
    event.preventDefault();
    if (busy || form.current === null) return;
    const wrong = problemsOf(form.current, words);
    setProblems(wrong);
    setFailure(undefined);
    if (wrong.length > 0) return;
    const asked = ask?.(typedIn(form.current));
    setQuestion(asked);
    if (asked === undefined) void send(form.current);
  };

  const send = async (sent: HTMLFormElement) => {
    setBusy(true);
    try {
      await onSubmit(typedIn(sent), sent);
    } catch (error) {
      setFailure(error instanceof RequestFailure ? error : new RequestFailure(0, String(error), error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form ref={form} className={inline ? 'form form-inline' : 'form'} onSubmit={begin} aria-busy={busy} noValidate>
      <Refused value={{ note, fields: failure?.fields ?? problems }}>{children}</Refused>
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
      {question !== undefined && (
        <Confirm
          question={question}
          onNo={() => setQuestion(undefined)}
          onYes={() => {
            setQuestion(undefined);
            if (form.current !== null) void send(form.current);
          }}
        />
      )}
    </form>
  );
}

function typedIn(form: HTMLFormElement): Typed {
  const typed = new FormData(form);
  return (name) => String(typed.get(name) ?? '');
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

/** A password, hidden until its button shows it. */
export function PasswordField({ label, name, hint, ...input }: FieldProps & Omit<ComponentProps<'input'>, 'name' | 'type'>) {
  const { fields: words } = useWords();
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} name={name} hint={hint}>
      {(control) => (
        <span className="password">
          <input required spellCheck={false} autoCapitalize="none" {...input} {...control} type={shown ? 'text' : 'password'} />
          <button
            type="button"
            className="button button-plain"
            aria-pressed={shown}
            aria-label={shown ? words.hide : words.show}
            onClick={() => setShown(!shown)}
          >
            <Icon name={shown ? 'hide' : 'show'} />
          </button>
        </span>
      )}
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
