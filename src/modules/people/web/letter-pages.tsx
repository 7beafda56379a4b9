/** Asking for a letter: to open an account, or to choose a new password. In a demonstration the letter is shown at once. */
import { type ReactNode, useState } from 'react';
import { Form, TextField } from '#web/design/form.tsx';
import { Link, useQuery } from '#web/routing/navigation.tsx';
import { ownPath, rememberNext, withNext } from '#web/routing/next.ts';
import { usePageTitle } from '#web/routing/page-title.ts';
import { useSession } from '#web/session/session.ts';
import { LettersTo } from './letters.tsx';
import { call } from './sources.ts';
import { usePeopleWords } from './words.ts';

export function SignUpPage() {
  const { signUp: words, login } = usePeopleWords();
  const next = ownPath(useQuery().get('next'));
  usePageTitle(words.title);
  return (
    <AskForLetter
      title={words.title}
      submit={words.submit}
      ask={async (email, name) => {
        await call('POST', '/api/people/sign-up', { body: { email, name } });
        rememberNext(next);
      }}
      below={<Link href={withNext('/login', next)}>{login.toLogin}</Link>}
    >
      <TextField label={words.name} name="name" hint={words.nameHint} autoComplete="name" maxLength={80} />
      <TextField label={login.email} name="email" type="email" hint={words.emailHint} autoComplete="email" maxLength={254} />
    </AskForLetter>
  );
}

export function ForgottenPage() {
  const { forgotten: words, login } = usePeopleWords();
  const next = ownPath(useQuery().get('next'));
  usePageTitle(words.title);
  return (
    <AskForLetter
      title={words.title}
      hint={words.hint}
      submit={words.submit}
      ask={async (email) => {
        await call('POST', '/api/people/password/forgotten', { body: { email } });
        rememberNext(next);
      }}
      below={<Link href={withNext('/login', next)}>{login.toLogin}</Link>}
    >
      <TextField label={login.email} name="email" type="email" autoComplete="username" maxLength={254} />
    </AskForLetter>
  );
}

function AskForLetter(props: {
  title: string;
  hint?: string;
  submit: string;
  ask: (email: string, name: string) => Promise<void>;
  children: ReactNode;
  below: ReactNode;
}) {
  const [askedFor, setAskedFor] = useState<string>();
  if (askedFor !== undefined) return <Posted email={askedFor} onOther={() => setAskedFor(undefined)} />;
  return (
    <div className="sheet lone-sheet">
      <h1>{props.title}</h1>
      {props.hint !== undefined && <p className="soft">{props.hint}</p>}
      <Form
        submit={props.submit}
        onSubmit={async (typed) => {
          await props.ask(typed('email'), typed('name'));
          setAskedFor(typed('email'));
        }}
      >
        {props.children}
      </Form>
      <p className="lone-links">{props.below}</p>
    </div>
  );
}

/** The same for every address: only the letter tells whether it has an account. */
function Posted({ email, onOther }: { email: string; onOther: () => void }) {
  const { letter: words } = usePeopleWords();
  const session = useSession();
  const demo = (session.state === 'stranger' || session.state === 'member') && session.demo;
  return (
    <div className="sheet lone-sheet" role="status">
      <h1>{words.title}</h1>
      <p>{words.hint(email)}</p>
      {demo && <LettersTo email={email} />}
      <p className="lone-links">
        <button type="button" className="button button-plain" onClick={onOther}>
          {words.otherAddress}
        </button>
      </p>
    </div>
  );
}
