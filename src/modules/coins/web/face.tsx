/** What the pages of other modules may show of the wallet. */
import './card.css';
import { useReloading } from '#web/api/use-resource.ts';
import { waysToEarn } from '#web/book-names.ts';
import { Coins } from '#web/design/coins.tsx';
import { useFormats, useLanguage, useWords } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { useBalance, useSession } from '#web/session/session.ts';
import { useCardWords } from './card-words.ts';
import { Faucet } from './faucet.tsx';
import { loadWallet, type WalletView } from './sources.ts';
import { useWalletWords } from './words.ts';

/** How to get the coins that are missing: from the faucet where it gives enough, and what helps otherwise. */
export function WayToCoins({ missing }: { missing: number }) {
  const words = useWalletWords();
  const language = useLanguage();
  const [wallet, reload] = useReloading(loadWallet);
  const known = wallet.state === 'ready' ? wallet.value : undefined;
  if (known?.faucet && known.faucetAt === null && known.faucetCoins >= missing) return <Faucet wallet={known} onChange={reload} />;
  return (
    <>
      {known?.faucet && <FaucetAway wallet={known} onChange={reload} />}
      <p>
        {words.whatHelps}{' '}
        {waysToEarn().map(({ path, name }) => (
          <span key={path}>
            <Link href={path}>{name[language]}</Link> ·{' '}
          </span>
        ))}
        <Link href="/wallet">{words.letSend}</Link>
      </p>
    </>
  );
}

function FaucetAway({ wallet, onChange }: { wallet: WalletView; onChange: () => void }) {
  const words = useWalletWords();
  const formats = useFormats();
  if (wallet.faucetAt !== null) return <Faucet wallet={wallet} onChange={onChange} />;
  return <p className="soft">{words.faucetTooLittle(formats.whole(wallet.faucetCoins))}</p>;
}

/** The wallet at a glance; for strangers, the way to one. */
export function WalletCard() {
  const words = useCardWords();
  const { session: shared } = useWords();
  const session = useSession();
  const balance = useBalance();
  // A house without accounts has no wallets.
  if (session.state === 'closed') return null;
  const member = session.state === 'member';
  const [earning] = waysToEarn();
  return (
    <section className="wallet-card" aria-labelledby="wallet-card">
      <h2 id="wallet-card">{words.title}</h2>
      {session.state === 'stranger' ? (
        <p className="soft">{words.stranger}</p>
      ) : (
        <p>
          <b className="wallet-card-coins">
            <Coins amount={balance ?? null} />
          </b>
          <span className="label">{words.member}</span>
        </p>
      )}
      <p className="wallet-card-ways">
        <Link className={member ? 'button' : 'button button-strong'} href={member ? '/wallet' : '/sign-up?next=/'}>
          {member ? words.open : shared.signUp}
        </Link>
        <Link className="button button-plain" href={member ? (earning?.path ?? '/wallet') : '/login?next=/'}>
          {member ? words.earn : shared.logIn}
        </Link>
      </p>
    </section>
  );
}
