/** The account in the band: name, coins, links and logout, or a link to log in. */
import { RequestFailure } from '../api/api.ts';
import { areas } from '../area-list.ts';
import { Coins } from '../design/coins.tsx';
import { Icon } from '../design/marks.tsx';
import { Popover } from '../design/popover.tsx';
import { useToasts } from '../design/toasts.tsx';
import { useLanguage, useWords } from '../language/language.ts';
import { Link, navigate, usePath, useQuery } from '../routing/navigation.tsx';
import { nextFrom, withNext } from '../routing/next.ts';
import { logOut, type Session, useBalance } from '../session/session.ts';

export function AccountSign({ session }: { session: Session }) {
  const { session: words } = useWords();
  if (session.state === 'closed') return null;
  // An empty place, so that the layout does not shift when the session is known.
  if (session.state === 'unknown') return <span className="account-place" />;
  if (session.state === 'stranger') return <LoginLink />;
  return (
    <div className="account-sign">
      <Popover name={words.account} button={<SignText />}>
        <AccountPanel session={session} />
      </Popover>
    </div>
  );
}

function LoginLink() {
  const { session: words } = useWords();
  const next = nextFrom(usePath(), useQuery());
  return (
    <Link className="band-button account-place" href={withNext('/login', next)}>
      <Icon name="person" />
      <span className="band-button-text">{words.logIn}</span>
    </Link>
  );
}

function SignText() {
  const { session: words } = useWords();
  const balance = useBalance();
  return (
    <>
      <Icon name="person" />
      <span className="out-of-sight">{words.account}</span>
      {balance !== undefined && (
        <span className="band-button-text">
          <Coins amount={balance} />
        </span>
      )}
    </>
  );
}

function AccountPanel({ session: { member, demo } }: { session: Extract<Session, { state: 'member' }> }) {
  const { session: words, house } = useWords();
  const language = useLanguage();
  const balance = useBalance();
  const tell = useToasts();
  const leave = async () => {
    try {
      await logOut();
      navigate('/login');
      tell('good', words.loggedOut);
    } catch (error) {
      tell('bad', error instanceof RequestFailure && error.message !== '' ? error.message : house.refusedSilently);
    }
  };
  const links = areas.flatMap(({ account = [] }) => account).filter(({ demoOnly = false }) => demo || !demoOnly);
  return (
    <div className="account-panel">
      <div>
        <p className="account-panel-name">{member.name}</p>
        <p className="label">{member.email}</p>
      </div>
      <p className="account-panel-coins">
        <span>{words.balance}</span>
        <Coins amount={balance ?? null} />
      </p>
      <div className="account-panel-links">
        {links.map(({ path, name }) => (
          <Link key={path} href={path}>
            {name[language]}
          </Link>
        ))}
      </div>
      <button type="button" className="button" onClick={leave}>
        {words.logOut}
      </button>
    </div>
  );
}
