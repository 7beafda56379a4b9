/** The wallet: what is in it, the statement, sending coins, and the faucet of a demonstration. */
import './wallet.css';
import { useCallback } from 'react';
import { usePages } from '#web/api/use-pages.ts';
import { useReloading } from '#web/api/use-resource.ts';
import { Coins } from '#web/design/coins.tsx';
import { CopyButton } from '#web/design/copy-button.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { useFormats, useWords } from '#web/language/language.ts';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { NotFound } from '#web/shell/not-found.tsx';
import { useCounterpartyName } from './counterparty.ts';
import { Faucet } from './faucet.tsx';
import { SendCoins } from './send-coins.tsx';
import { loadHolds, loadStatement, loadWallet, type WalletView } from './sources.ts';
import { StatementSheet } from './statement.tsx';
import { useWalletWords } from './words.ts';

export function WalletArea({ parts }: { parts: readonly string[] }) {
  return parts.length > 1 ? (
    <NotFound path={`/${parts.join('/')}`} />
  ) : (
    <ForMembers>{({ member }) => <WalletPage key={member.id} account={member.id} />}</ForMembers>
  );
}

function WalletPage({ account }: { account: string }) {
  const words = useWalletWords();
  const [wallet, reloadWallet] = useReloading(loadWallet);
  const statement = usePages(loadStatement);
  usePageTitle(words.title);

  const { reload: reloadStatement } = statement;
  const changed = useCallback(() => {
    reloadWallet();
    reloadStatement();
  }, [reloadWallet, reloadStatement]);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{words.title}</h1>
      </div>
      <div className="wallet-sheets">
        <div className="wallet-side">
          <section className="sheet wallet-balance" aria-labelledby="balance">
            <Loaded resource={wallet} height="6rem">
              {(view) => <Balance wallet={view} onChange={changed} />}
            </Loaded>
          </section>
          <SendCoins account={account} onSent={changed} />
        </div>
        <StatementSheet pages={statement} />
      </div>
    </div>
  );
}

function Balance({ wallet, onChange }: { wallet: WalletView; onChange: () => void }) {
  const { account, coins, held, available } = wallet;
  const words = useWalletWords();
  const { house } = useWords();
  return (
    <>
      <h2 id="balance" className="label">
        {words.available}
      </h2>
      <p className="wallet-coins">
        <Coins amount={available} />
      </p>
      {held > 0 && (
        <dl className="account">
          <div>
            <dt>{words.inWallet}</dt>
            <dd>
              <Coins amount={coins} />
            </dd>
          </div>
          <div>
            <dt>{words.held}</dt>
            <dd>
              <Coins amount={-held} />
            </dd>
          </div>
        </dl>
      )}
      {held > 0 && <HeldCoins held={held} />}
      <Faucet wallet={wallet} onChange={onChange} />
      <div>
        <p className="label">{words.yourNumber}</p>
        <p className="wallet-number">{account}</p>
        <CopyButton text={account} label={house.copy} />
      </div>
    </>
  );
}

function HeldCoins({ held }: { held: number }) {
  const words = useWalletWords();
  const formats = useFormats();
  const counterpartyName = useCounterpartyName();
  // Another sum is another set of holds.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as said above.
  const [resource] = useReloading(useCallback((signal: AbortSignal) => loadHolds(signal), [held]));
  return (
    <Loaded resource={resource} height="3rem">
      {(holds) => (
        <ul className="entries">
          {holds.map(({ payee, amount, memo, placedAt, expiresAt }) => (
            <li key={`${payee}-${placedAt}-${memo}`}>
              <span>
                {memo === '' ? counterpartyName(payee) : memo}
                <br />
                <span className="label">{words.until(formats.date(expiresAt))}</span>
              </span>
              <Coins amount={amount} />
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  );
}
