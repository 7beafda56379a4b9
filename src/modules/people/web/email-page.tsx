/** Another address for one's own account: asking for the letter, and the page that its link opens. */
import { useState } from 'react';
import { Form, TextField } from '#web/design/form.tsx';
import { Empty } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { Link, navigate } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { loadSession, useSession } from '#web/session/session.ts';
import { tokenIn } from './letter-link.ts';
import { LettersTo } from './letters.tsx';
import { PresentPasswordField } from './present-password.tsx';
import { call } from './sources.ts';
import { usePeopleWords } from './words.ts';

export function EmailForm() {
  const { account: words } = usePeopleWords();
  const session = useSession();
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState<string>();
  if (asked !== undefined) {
    return (
      <div className="note" role="status">
        <p>{words.emailAsked(asked)}</p>
        {session.state === 'member' && session.demo && <LettersTo email={asked} />}
      </div>
    );
  }
  if (!open) {
    return (
      <div className="form-actions">
        <button type="button" className="button" onClick={() => setOpen(true)}>
          {words.changeEmail}
        </button>
      </div>
    );
  }
  return (
    <Form
      submit={words.changeEmail}
      plain
      onSubmit={async (typed) => {
        await call('POST', '/api/people/me/email', { body: { email: typed('email'), password: typed('password') } });
        setAsked(typed('email'));
      }}
    >
      <TextField label={words.newEmail} name="email" type="email" autoComplete="email" maxLength={254} />
      <PresentPasswordField />
    </Form>
  );
}

export function EmailPage() {
  const { account: words, open } = usePeopleWords();
  usePageTitle(words.confirmEmail);
  // The address after a login has no token: it is kept from before.
  const [token] = useState(() => tokenIn(window.location.hash));
  if (token === undefined) {
    return (
      <section className="sheet">
        <Empty title={open.brokenLink} hint={open.brokenLinkHint} level={1}>
          <Link className="button" href="/account">
            {words.title}
          </Link>
        </Empty>
      </section>
    );
  }
  return <ForMembers>{() => <Confirming token={token} />}</ForMembers>;
}

function Confirming({ token }: { token: string }) {
  const { account: words } = usePeopleWords();
  const tell = useToasts();
  return (
    <div className="sheet lone-sheet">
      <h1>{words.confirmEmail}</h1>
      <p className="soft">{words.confirmEmailHint}</p>
      <Form
        submit={words.confirmEmailSubmit}
        onSubmit={async () => {
          await call('POST', '/api/people/me/email/confirm', { body: { token } });
          await loadSession();
          navigate('/account');
          tell('good', words.emailChanged);
        }}
      />
    </div>
  );
}
