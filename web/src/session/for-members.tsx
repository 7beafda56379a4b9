/** Shows a page that needs an account, or links to log in and sign up. */
import type { ReactNode } from 'react';
import { Waiting } from '../design/loaded.tsx';
import { Empty } from '../design/states.tsx';
import { useWords } from '../language/language.ts';
import { Link, usePath, useQuery } from '../routing/navigation.tsx';
import { nextFrom, withNext } from '../routing/next.ts';
import { type Session, useSession } from './session.ts';

export type MemberSession = Extract<Session, { state: 'member' }>;

export function ForMembers({ children, admin = false }: { children: (session: MemberSession) => ReactNode; admin?: boolean }) {
  const { session: words } = useWords();
  const session = useSession();
  if (session.state === 'unknown') return <Waiting height="24rem" />;
  if (session.state === 'closed') return <Empty title={words.closed} hint={words.closedHint} level={1} />;
  if (session.state === 'stranger') return <LoginLinks />;
  if (admin && session.member.role !== 'admin') return <Empty title={words.adminsOnly} hint={words.adminsOnlyHint} level={1} />;
  return children(session);
}

function LoginLinks() {
  const { session: words } = useWords();
  const here = nextFrom(usePath(), useQuery());
  return (
    <section className="sheet">
      <Empty title={words.needed} hint={words.neededHint} level={1}>
        <Link className="button button-strong" href={withNext('/login', here)}>
          {words.logIn}
        </Link>
        <Link className="button" href={withNext('/sign-up', here)}>
          {words.signUp}
        </Link>
      </Empty>
    </section>
  );
}
