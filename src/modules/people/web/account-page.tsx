/** One's own account: who one is, password, second factor, sessions, access tokens, and what happened. */
import { useReloading } from '#web/api/use-resource.ts';
import { CheckField, Form, TextField } from '#web/design/form.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers, type MemberSession } from '#web/session/for-members.tsx';
import { loadSession } from '#web/session/session.ts';
import { AccessTokensSheet, loadTokens, type Tokens } from './access-tokens.tsx';
import { CloseAccountSheet } from './close-account.tsx';
import { EmailForm } from './email-page.tsx';
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
          <AccountSheets session={session} />
        </div>
      )}
    </ForMembers>
  );
}

function AccountSheets({ session }: { session: MemberSession }) {
  const { account: words } = usePeopleWords();
  const [tokens, reloadTokens] = useReloading(loadTokens);
  return (
    <div className="account-sheets">
      <ProfileSheet session={session} />
      <Sheet title={words.password} padded>
        {/* A change ends the tokens that are not kept: it waits until they are known. */}
        <Loaded resource={tokens} height="10rem">
          {(known) => <PasswordForm tokens={known} onChanged={reloadTokens} />}
        </Loaded>
      </Sheet>
      <SecondFactorSheet me={session.me} />
      <SessionsSheet />
      <AccessTokensSheet admin={session.member.role === 'admin'} resource={tokens} reload={reloadTokens} />
      <EventsSheet of="own" />
      {session.member.role === 'member' && <CloseAccountSheet />}
    </div>
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
      <EmailForm />
      <Form submit={words.saveName} plain onSubmit={(typed) => saveName(typed('name'))}>
        <TextField label={words.name} name="name" key={member.name} defaultValue={member.name} autoComplete="name" maxLength={80} />
      </Form>
    </Sheet>
  );
}

function PasswordForm({ tokens, onChanged }: { tokens: Tokens; onChanged: () => void }) {
  const { account: words } = usePeopleWords();
  const tell = useToasts();
  return (
    <Form
      submit={words.changePassword}
      plain
      onSubmit={async (typed, form) => {
        const keepAccessTokens = tokens.map(({ id }) => id).filter((id) => typed(`keep-${id}`) !== '');
        const body = { password: typed('password'), newPassword: typed('newPassword'), keepAccessTokens };
        await call('POST', '/api/people/me/password', { body });
        form.reset();
        onChanged();
        tell('good', words.passwordChanged);
      }}
    >
      <PresentPasswordField />
      <NewPasswordField label={words.newPassword} name="newPassword" />
      {tokens.length > 0 && (
        <fieldset>
          <legend className="label">{words.tokensEnd}</legend>
          <div className="checks">
            {tokens.map(({ id, name }) => (
              <CheckField key={id} label={words.keepToken(name)} name={`keep-${id}`} />
            ))}
          </div>
        </fieldset>
      )}
    </Form>
  );
}
