/** One's own account: who one is, password, second factor, sessions, access tokens, and what happened. */
import { Form, TextField } from '#web/design/form.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers, type MemberSession } from '#web/session/for-members.tsx';
import { loadSession } from '#web/session/session.ts';
import { AccessTokensSheet } from './access-tokens.tsx';
import { EventsSheet } from './events.tsx';
import { NewPasswordField } from './password-pages.tsx';
import { PresentPasswordField } from './present-password.tsx';
import { SecondFactorSheet } from './second-factor.tsx';
import { SessionsSheet } from './sessions.tsx';
import { call } from './sources.ts';
import { usePeopleWords } from './words.ts';

export function AccountPage() {
  const { account: words } = usePeopleWords();
  usePageTitle(words.title);
  return (
    <ForMembers>
      {(session) => (
        <div className="page">
          <div className="page-head">
            <h1>{words.title}</h1>
          </div>
          <div className="account-sheets">
            <ProfileSheet session={session} />
            <PasswordSheet />
            <SecondFactorSheet me={session.me} />
            <SessionsSheet />
            <AccessTokensSheet admin={session.member.role === 'admin'} />
            <EventsSheet of="own" />
          </div>
        </div>
      )}
    </ForMembers>
  );
}

function ProfileSheet({ session: { member } }: { session: MemberSession }) {
  const { account: words } = usePeopleWords();
  const tell = useToasts();
  const saveName = async (name: string) => {
    await call('PATCH', '/api/people/me', { body: { name } });
    await loadSession();
    tell('good', words.nameSaved);
  };
  return (
    <Sheet title={words.profile} padded>
      <dl className="account">
        <div>
          <dt>{words.email}</dt>
          <dd>{member.email}</dd>
        </div>
        <div>
          <dt>{words.role}</dt>
          <dd>{words.roles[member.role]}</dd>
        </div>
      </dl>
      <Form submit={words.saveName} plain onSubmit={(typed) => saveName(typed('name'))}>
        <TextField label={words.name} name="name" key={member.name} defaultValue={member.name} autoComplete="name" maxLength={80} />
      </Form>
    </Sheet>
  );
}

function PasswordSheet() {
  const { account: words } = usePeopleWords();
  const tell = useToasts();
  return (
    <Sheet title={words.password} padded>
      <Form
        submit={words.changePassword}
        plain
        onSubmit={async (typed, form) => {
          const body = { password: typed('password'), newPassword: typed('newPassword') };
          await call('POST', '/api/people/me/password', { body });
          form.reset();
          tell('good', words.passwordChanged);
        }}
      >
        <PresentPasswordField />
        <NewPasswordField label={words.newPassword} name="newPassword" />
      </Form>
    </Sheet>
  );
}
