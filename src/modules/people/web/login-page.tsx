/** Logging in: address and password, then the code of the second factor where there is one. */
import { useState } from 'react';
import type { LoggedIn, Login } from '#modules/people/api/schemas.ts';
import { Form, PasswordField, TextField } from '#web/design/form.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { Link, navigate, useQuery } from '#web/routing/navigation.tsx';
import { ownPath, withNext } from '#web/routing/next.ts';
import { usePageTitle } from '#web/routing/page-title.ts';
import { loadSession, useSession } from '#web/session/session.ts';
import { call } from './sources.ts';
import { usePeopleWords } from './words.ts';

export function LoginPage() {
  const { login: words } = usePeopleWords();
  const next = ownPath(useQuery().get('next'));
  const session = useSession();
  const tell = useToasts();
  const [firstFactor, setFirstFactor] = useState<Pick<Login, 'email' | 'password'>>();
  const [wanted, setWanted] = useState<LoggedIn['secondFactorWanted']>('no');
  usePageTitle(words.title);

  const logIn = async (login: Login) => {
    const { state, account, secondFactorWanted } = await call('POST', '/api/people/login', { body: login });
    if (state === 'second-factor') {
      setFirstFactor({ email: login.email, password: login.password });
      return;
    }
    await loadSession();
    if (secondFactorWanted === 'no') navigate(next ?? '/shop');
    else setWanted(secondFactorWanted);
    tell('good', words.welcome(account?.name ?? ''));
  };

  if (wanted !== 'no') return <ProtectAccount wanted={wanted} onLater={() => navigate(next ?? '/shop')} />;
  if (firstFactor !== undefined) {
    return (
      <div className="sheet lone-sheet">
        <h1>{words.codeTitle}</h1>
        <Form
          key="code"
          submit={words.submit}
          onSubmit={(typed) => logIn({ ...firstFactor, code: typed('code') })}
          explain={({ status }) => (status === 401 ? words.wrongCode : undefined)}
          beside={
            <button type="button" className="button button-plain" onClick={() => setFirstFactor(undefined)}>
              {words.again}
            </button>
          }
        >
          {/* The code is all that the reader has to type now. */}
          <TextField
            label={words.code}
            name="code"
            hint={words.codeHint}
            autoComplete="one-time-code"
            minLength={6}
            maxLength={39}
            autoFocus
          />
        </Form>
      </div>
    );
  }
  return (
    <div className="sheet lone-sheet">
      <h1>{words.title}</h1>
      {session.state === 'member' && (
        <p className="note">
          {words.already} <Link href={next ?? '/shop'}>{words.goOn}</Link>
        </p>
      )}
      <Form key="password" submit={words.submit} onSubmit={(typed) => logIn({ email: typed('email'), password: typed('password') })}>
        <TextField label={words.email} name="email" type="email" autoComplete="username" maxLength={254} />
        <PasswordField label={words.password} name="password" autoComplete="current-password" maxLength={1_000} />
      </Form>
      <p className="lone-links">
        <Link href={withNext('/forgotten', next)}>{words.forgotten}</Link>
        <Link href={withNext('/sign-up', next)}>{words.toSignUp}</Link>
      </p>
    </div>
  );
}

function ProtectAccount({ wanted, onLater }: { wanted: 'asked' | 'needed'; onLater: () => void }) {
  const { login: words } = usePeopleWords();
  return (
    <div className="sheet lone-sheet">
      <h1>{words.protect}</h1>
      <p>{wanted === 'needed' ? words.protectNeeded : words.protectAsked}</p>
      <div className="form-actions">
        <Link className="button button-strong" href="/account">
          {words.protectNow}
        </Link>
        {wanted === 'asked' && (
          <button type="button" className="button" onClick={onLater}>
            {words.protectLater}
          </button>
        )}
      </div>
    </div>
  );
}
