/** All accounts: found, locked, made admins, given coins. */
import { useCallback, useDeferredValue, useState } from 'react';
import type { AccountChange, AccountForAdmin } from '../../../src/http/people/schemas.ts';
import { useRequestKeys } from '../api/request-key.ts';
import { usePages } from '../api/use-pages.ts';
import { useReloading } from '../api/use-resource.ts';
import { Coins } from '../design/coins.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Form, TextField, useFailureText } from '../design/form.tsx';
import { Loaded } from '../design/loaded.tsx';
import { Icon } from '../design/marks.tsx';
import { More } from '../design/pages.tsx';
import { Empty } from '../design/states.tsx';
import { useToasts } from '../design/toasts.tsx';
import { useFormats } from '../language/language.ts';
import { Link } from '../routing/navigation.tsx';
import { loadBalance } from '../session/session.ts';
import { changeAccount, grantCoins, loadAccounts, loadWalletOf } from './sources.ts';
import { useAdminWords } from './words.ts';

export function AccountsPage({ ownId }: { ownId: string }) {
  const { pages: titles, accounts: words } = useAdminWords();
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim());
  const pages = usePages(useCallback((after: string | undefined, signal: AbortSignal) => loadAccounts(search, after, signal), [search]));
  const [managed, setManaged] = useState<AccountForAdmin>();
  return (
    <section className="sheet" aria-labelledby="accounts">
      <div className="sheet-head">
        <h2 id="accounts">{titles.accounts}</h2>
        <label className="find admin-find">
          <span className="out-of-sight">{words.search}</span>
          <Icon name="find" />
          <input
            className="field"
            type="search"
            placeholder={words.searchHint}
            value={typed}
            maxLength={100}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
      </div>
      <Loaded resource={pages.list}>
        {(accounts) =>
          accounts.length === 0 ? (
            <Empty title={words.empty} hint={words.emptyHint} />
          ) : (
            <AccountTable accounts={accounts} ownId={ownId} onManage={setManaged} />
          )
        }
      </Loaded>
      <div className="sheet-foot">
        <More pages={pages} />
      </div>
      {managed !== undefined && (
        <Dialog title={managed.name} onClose={() => setManaged(undefined)}>
          <Managing
            account={managed}
            own={managed.id === ownId}
            onChange={(account) => {
              setManaged(account);
              pages.reload();
            }}
          />
        </Dialog>
      )}
    </section>
  );
}

function AccountTable(props: { accounts: readonly AccountForAdmin[]; ownId: string; onManage: (account: AccountForAdmin) => void }) {
  const { accounts: words } = useAdminWords();
  const formats = useFormats();
  return (
    <table className="ledger">
      <thead>
        <tr>
          <th scope="col">{words.account}</th>
          <th scope="col">{words.since}</th>
          <th scope="col">{words.role}</th>
          <th scope="col">
            <span className="out-of-sight">{words.manage}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.accounts.map((account) => (
          <tr key={account.id}>
            <th scope="row">
              {account.name} {account.id === props.ownId && <span className="badge">{words.you}</span>}
              <span className="label">{account.email}</span>
            </th>
            <td className="ledger-when">{formats.date(account.createdAt)}</td>
            <td>
              {words.roles[account.role]} {account.locked && <span className="badge badge-bad">{words.locked}</span>}
            </td>
            <td className="ledger-figure">
              <button type="button" className="button" onClick={() => props.onManage(account)}>
                {words.manage}
                <span className="out-of-sight"> {account.email}</span>
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Managing(props: { account: AccountForAdmin; own: boolean; onChange: (account: AccountForAdmin) => void }) {
  const { account, own, onChange } = props;
  const { accounts: words } = useAdminWords();
  const formats = useFormats();
  const tell = useToasts();
  const failureText = useFailureText();
  const keys = useRequestKeys();
  const [wallet, reloadWallet] = useReloading(useCallback((signal: AbortSignal) => loadWalletOf(account.id, signal), [account.id]));
  const [busy, setBusy] = useState(false);

  const change = async (to: AccountChange) => {
    setBusy(true);
    try {
      onChange(await changeAccount(account.id, to));
      tell('good', words.changed);
    } catch (failure) {
      tell('bad', failureText(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p className="label">{account.email}</p>
      <Loaded resource={wallet} height="2rem">
        {({ coins }) => (
          <dl className="account">
            <div className="account-total">
              <dt>{words.inWallet}</dt>
              <dd>
                <Coins amount={coins} />
              </dd>
            </div>
          </dl>
        )}
      </Loaded>
      {own ? (
        <p className="soft">{words.notYourself}</p>
      ) : (
        <div className="form-actions">
          <button
            type="button"
            className="button"
            disabled={busy}
            onClick={() => change({ role: account.role === 'admin' ? 'member' : 'admin' })}
          >
            {account.role === 'admin' ? words.makeMember : words.makeAdmin}
          </button>
          <button type="button" className="button" disabled={busy} onClick={() => change({ locked: !account.locked })}>
            {account.locked ? words.unlock : words.lock}
          </button>
          <Link className="button" href={`/admin/orders?account=${account.id}`}>
            {words.orders}
          </Link>
        </div>
      )}
      <h3>{words.grant}</h3>
      <Form
        submit={words.grant}
        plain
        onSubmit={async (typed, form) => {
          const grant = { account: account.id, amount: Number(typed('amount')), reason: typed('reason') };
          const { amount } = await grantCoins(grant, keys.keyFor(grant));
          keys.done();
          form.reset();
          reloadWallet();
          tell('good', words.granted(formats.whole(amount)));
          if (own) await loadBalance();
        }}
      >
        <TextField label={words.amount} name="amount" short type="number" min={1} max={1_000_000_000} step={1} />
        <TextField label={words.reason} name="reason" hint={words.reasonHint} minLength={3} maxLength={200} />
      </Form>
    </>
  );
}
