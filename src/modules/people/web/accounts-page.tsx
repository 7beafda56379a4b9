/** All accounts: found, locked, made admins, given coins. */
import { type ReactNode, useCallback, useDeferredValue, useState } from 'react';
import type { AccountChange, AccountForAdmin } from '#modules/people/api/schemas.ts';
import { useRequestKeys } from '#web/api/request-key.ts';
import { usePages } from '#web/api/use-pages.ts';
import { useReloading } from '#web/api/use-resource.ts';
import { Coins } from '#web/design/coins.tsx';
import { Dialog } from '#web/design/dialog.tsx';
import { FindFilter } from '#web/design/filters.tsx';
import { Form, TextField } from '#web/design/form.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Empty } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats, useWords } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { Link, useQuery } from '#web/routing/navigation.tsx';
import { loadBalance, useSession } from '#web/session/session.ts';
import { adminNames } from './names.ts';
import { call, grantCoins, loadAccounts, loadWalletOf } from './sources.ts';
import { usePeopleWords } from './words.ts';

export function AccountsPage() {
  const { accounts: words } = usePeopleWords();
  const search = useDeferredValue((useQuery().get('search') ?? '').trim());
  return (
    <AccountList
      search={search}
      tools={<FindFilter name="search" label={words.search} hint={words.searchHint} className="sheet-find" />}
      empty={<Empty title={words.empty} hint={words.emptyHint} />}
    />
  );
}

/** On the admin's overview. */
export function AccountsFound({ search }: { search: string }) {
  const { adminOverview } = useWords();
  return <AccountList search={search} empty={<p className="sheet-body soft">{adminOverview.nothingFound}</p>} />;
}

function AccountList({ search, tools, empty }: { search: string; tools?: ReactNode; empty: ReactNode }) {
  const title = useName(adminNames.accounts);
  const session = useSession();
  const ownId = session.state === 'member' ? session.member.id : undefined;
  const { accounts: words } = usePeopleWords();
  const [cut, setCut] = useState(false);
  const load = useCallback(
    async (after: string | undefined, signal: AbortSignal) => {
      const page = await loadAccounts(search, after, signal);
      if (!signal.aborted) setCut(page.cut);
      return page;
    },
    [search],
  );
  const pages = usePages(load);
  const [managed, setManaged] = useState<AccountForAdmin>();
  return (
    <>
      <ListSheet title={title} tools={tools} pages={pages} empty={empty}>
        {(accounts) => (
          <>
            <AccountTable accounts={accounts} ownId={ownId} onManage={setManaged} />
            {cut && <p className="sheet-body soft">{words.cut}</p>}
          </>
        )}
      </ListSheet>
      {managed !== undefined && (
        <Dialog title={managed.closed ? words.closed : managed.name} onClose={() => setManaged(undefined)}>
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
    </>
  );
}

function AccountTable(props: {
  accounts: readonly AccountForAdmin[];
  ownId: string | undefined;
  onManage: (account: AccountForAdmin) => void;
}) {
  const { accounts: words, account: own } = usePeopleWords();
  const formats = useFormats();
  const columns: readonly Column<AccountForAdmin>[] = [
    {
      head: words.account,
      kind: 'name',
      cell: ({ id, name, email, closed }) => (
        <>
          {closed ? words.closed : name} {id === props.ownId && <span className="badge">{words.you}</span>}
          <span className="label">{email}</span>
        </>
      ),
    },
    { head: words.since, kind: 'when', cell: ({ createdAt }) => formats.date(createdAt) },
    {
      head: words.role,
      cell: ({ role, locked, closed }) => (
        <>
          {own.roles[role]} {locked && !closed && <span className="badge badge-bad">{words.locked}</span>}
        </>
      ),
    },
    {
      head: words.manage,
      kind: 'action',
      cell: (account) => (
        <button type="button" className="button" onClick={() => props.onManage(account)}>
          {words.manage}
          <span className="out-of-sight"> {account.email}</span>
        </button>
      ),
    },
  ];
  return <Ledger rows={props.accounts} keyOf={({ id }) => id} columns={columns} />;
}

function Managing(props: { account: AccountForAdmin; own: boolean; onChange: (account: AccountForAdmin) => void }) {
  const { account, own } = props;
  const { accounts: words } = usePeopleWords();
  const [wallet, reloadWallet] = useReloading(useCallback((signal: AbortSignal) => loadWalletOf(account.id, signal), [account.id]));
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
          {!account.closed && <Changes account={account} onChange={props.onChange} />}
          <Link className="button" href={`/admin/orders?account=${account.id}`}>
            {words.orders}
          </Link>
        </div>
      )}
      {!account.closed && (
        <Grant
          account={account}
          onGranted={async () => {
            reloadWallet();
            if (own) await loadBalance();
          }}
        />
      )}
    </>
  );
}

function Changes({ account, onChange }: { account: AccountForAdmin; onChange: (account: AccountForAdmin) => void }) {
  const { accounts: words } = usePeopleWords();
  const tell = useToasts();
  const failureText = useFailureText();
  const [busy, setBusy] = useState(false);

  const change = async (to: AccountChange) => {
    setBusy(true);
    try {
      onChange(await call('PATCH', '/api/people/accounts/:id', { params: { id: account.id }, body: to }));
      tell('good', words.changed);
    } catch (failure) {
      tell('bad', failureText(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
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
    </>
  );
}

function Grant({ account, onGranted }: { account: AccountForAdmin; onGranted: () => Promise<void> }) {
  const { accounts: words } = usePeopleWords();
  const formats = useFormats();
  const tell = useToasts();
  const keys = useRequestKeys();
  return (
    <>
      <h3>{words.grant}</h3>
      <Form
        submit={words.grant}
        plain
        ask={(typed) => ({
          title: words.grant,
          says: words.grantAsked(formats.whole(Number(typed('amount'))), account.name, account.email),
          yes: words.grant,
        })}
        onSubmit={async (typed, form) => {
          const grant = { account: account.id, amount: Number(typed('amount')), reason: typed('reason') };
          const { amount } = await grantCoins(grant, keys.keyFor(grant));
          keys.done();
          form.reset();
          tell('good', words.granted(formats.whole(amount)));
          await onGranted();
        }}
      >
        <TextField label={words.amount} name="amount" short type="number" min={1} max={1_000_000_000} step={1} />
        <TextField label={words.reason} name="reason" hint={words.reasonHint} minLength={3} maxLength={200} />
      </Form>
    </>
  );
}
