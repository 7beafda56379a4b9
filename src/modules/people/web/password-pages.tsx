/** Where the links of letters lead: choosing the password of a new account, or a new password. */
import { type ReactNode, useState } from 'react';
import { Form, PasswordField } from '#web/design/form.tsx';
import { Empty } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { Link, navigate } from '#web/routing/navigation.tsx';
import { takeRememberedNext, withNext } from '#web/routing/next.ts';
import { usePageTitle } from '#web/routing/page-title.ts';
import { loadSession } from '#web/session/session.ts';
import { tokenIn } from './letter-link.ts';
import { call } from './sources.ts';
import { usePeopleWords } from './words.ts';

const minPasswordLength = 10;
const maxPasswordLength = 200;

export function OpenPage() {
  const { open: words } = usePeopleWords();
  const tell = useToasts();
  usePageTitle(words.title);
  return (
    <ChoosePassword title={words.title} submit={words.submit} askAgain="/sign-up">
      {async (token, password) => {
        await call('POST', '/api/people/sign-up/confirm', { body: { token, password } });
        await loadSession();
        navigate(takeRememberedNext() ?? '/wallet');
        tell('good', words.opened);
      }}
    </ChoosePassword>
  );
}

export function ResetPage() {
  const { reset: words } = usePeopleWords();
  const tell = useToasts();
  usePageTitle(words.title);
  return (
    <ChoosePassword title={words.title} submit={words.submit} askAgain="/forgotten" hint={<p className="soft">{words.hint}</p>}>
      {async (token, password) => {
        await call('POST', '/api/people/password/reset', { body: { token, password } });
        await loadSession();
        navigate(withNext('/login', takeRememberedNext()));
        tell('good', words.done);
      }}
    </ChoosePassword>
  );
}

function ChoosePassword(props: {
  title: string;
  submit: string;
  hint?: ReactNode;
  askAgain: string;
  children: (token: string, password: string) => Promise<void>;
}) {
  const { open: words } = usePeopleWords();
  const [token] = useState(() => tokenIn(window.location.hash));
  const again = (
    <Link className="button" href={props.askAgain}>
      {words.askAgain}
    </Link>
  );
  if (token === undefined) {
    return (
      <section className="sheet">
        <Empty title={words.brokenLink} hint={words.brokenLinkHint} level={1}>
          {again}
        </Empty>
      </section>
    );
  }
  return (
    <div className="sheet lone-sheet">
      <h1>{props.title}</h1>
      {props.hint}
      <Form submit={props.submit} onSubmit={(typed) => props.children(token, typed('password'))} beside={again}>
        <NewPasswordField label={words.password} name="password" />
      </Form>
    </div>
  );
}

export function NewPasswordField({ label, name }: { label: string; name: string }) {
  const { open: words } = usePeopleWords();
  return (
    <PasswordField
      label={label}
      name={name}
      hint={words.passwordHint}
      autoComplete="new-password"
      minLength={minPasswordLength}
      maxLength={maxPasswordLength}
    />
  );
}
