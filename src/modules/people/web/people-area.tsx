/** The pages that let people in, and the page of one's own account. */
import './people.css';
import { NotFound } from '#web/shell/not-found.tsx';
import { AccountPage } from './account-page.tsx';
import { EmailPage } from './email-page.tsx';
import { ForgottenPage, SignUpPage } from './letter-pages.tsx';
import { LoginPage } from './login-page.tsx';
import { MailboxPage } from './mailbox-page.tsx';
import { OpenPage, ResetPage } from './password-pages.tsx';

export function PeopleArea({ parts }: { parts: readonly string[] }) {
  switch (parts.join('/')) {
    case 'login':
      return <LoginPage />;
    case 'sign-up':
      return <SignUpPage />;
    case 'forgotten':
      return <ForgottenPage />;
    case 'mailbox':
      return <MailboxPage />;
    case 'account':
      return <AccountPage />;
    case 'account/open':
      return <OpenPage />;
    case 'account/email':
      return <EmailPage />;
    case 'account/reset':
      return <ResetPage />;
    default:
      return <NotFound path={`/${parts.join('/')}`} />;
  }
}
