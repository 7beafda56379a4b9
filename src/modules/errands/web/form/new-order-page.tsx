/** A new order: the form, a test fetch, and the price, before anything is paid. A guest's entries are kept until after the login. */
import { useCallback, useState } from 'react';
import { WayToCoins } from '#modules/coins/web/face.tsx';
import { useOrderPurchase } from '#web/api/use-order-purchase.ts';
import { useResource } from '#web/api/use-resource.ts';
import { forgetChoice, readChoice, writeChoice } from '#web/browser.ts';
import { Coins } from '#web/design/coins.tsx';
import { InDoubt } from '#web/design/in-doubt.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats, useWords } from '#web/language/language.ts';
import { Link, navigate, usePath, useQuery } from '#web/routing/navigation.tsx';
import { nextFrom, withNext } from '#web/routing/next.ts';
import { usePageTitle } from '#web/routing/page-title.ts';
import { loadBalance, useBalance, useSession } from '#web/session/session.ts';
import { ErrandsHead } from '../errands-head.tsx';
import { findOrdered, loadOrder, placeOrder } from '../sources.ts';
import { useErrandsWords } from '../words.ts';
import { type Draft, draftOf, emptyDraft, inputOf, priceOf, readDraft } from './draft.ts';
import { OrderForm } from './order-form.tsx';
import { TrySheet } from './try-sheet.tsx';

const keptDraft = 'errand';

export function NewOrderPage() {
  const { form: words, market } = useErrandsWords();
  const original = useQuery().get('from');
  const session = useSession();
  const account = session.state === 'member' ? session.member.id : '';
  usePageTitle(words.title);
  return (
    <div className="page">
      <ErrandsHead title={words.title} back={{ href: '/errands', text: market.back }} />
      {original === null ? (
        <Ordering key={`new ${account}`} account={account} first={keptOrEmpty()} />
      ) : (
        <Cloning key={`${original} ${account}`} account={account} id={original} />
      )}
    </div>
  );
}

function keptOrEmpty(): Draft {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return readDraft(readChoice(keptDraft), timeZone) ?? emptyDraft(timeZone);
}

function Cloning({ account, id }: { account: string; id: string }) {
  const resource = useResource(useCallback((signal: AbortSignal) => loadOrder(id, signal), [id]));
  return (
    <Loaded resource={resource}>
      {(order) => <Ordering account={account} first={Object.assign({}, draftOf(order), { instrument: '', start: '' })} />}
    </Loaded>
  );
}

function Ordering({ account, first }: { account: string; first: Draft }) {
  const { form: words } = useErrandsWords();
  const formats = useFormats();
  const tell = useToasts();
  const purchase = useOrderPurchase({
    name: 'errand',
    account,
    path: '/errands/orders',
    find: findOrdered,
    onFound: () => forgetChoice(keptDraft),
  });
  const session = useSession();
  const balance = useBalance();
  const [draft, setDraft] = useState(first);
  const change = (changes: Partial<Draft>) => {
    const changed = Object.assign({}, draft, changes);
    setDraft(changed);
    writeChoice(keptDraft, JSON.stringify(changed));
  };
  const input = inputOf(draft);
  const price = priceOf(input);
  const member = session.state === 'member';
  const short = member && balance !== undefined && balance < price;

  const order = async () => {
    const ordered = await purchase.buy((key) => placeOrder(input, key));
    if (ordered === undefined) return;
    forgetChoice(keptDraft);
    navigate(`/errands/orders/${ordered.id}`);
    tell('good', words.ordered);
    await loadBalance();
  };
  return (
    <div className="errands-ordering">
      <Sheet title={words.what} padded>
        <OrderForm
          draft={draft}
          onChange={change}
          submit={input.schedule.repetitions === null ? words.submitEndless : words.submit(formats.whole(price))}
          disabled={!member || short}
          onSubmit={order}
        />
        <InDoubt doubt={purchase.doubt} />
      </Sheet>
      <div className="errands-side">
        <Sheet title={words.price} padded>
          <Price draft={draft} />
          {session.state === 'stranger' && <Guest />}
          {short && (
            <div className="note note-look errands-short">
              <p>{words.short(formats.whole(price - (balance ?? 0)))}</p>
              <WayToCoins missing={price - (balance ?? 0)} />
            </div>
          )}
        </Sheet>
        <TrySheet input={input} member={member} />
      </div>
    </div>
  );
}

function Price({ draft }: { draft: Draft }) {
  const { form: words } = useErrandsWords();
  const formats = useFormats();
  const input = inputOf(draft);
  const { copies } = input;
  const { repetitions } = input.schedule;
  return (
    <>
      <dl className="account">
        <div>
          <dt>{words.each(copies)}</dt>
          <dd>
            <Coins amount={copies} />
          </dd>
        </div>
        <div>
          <dt>{words.howMany}</dt>
          <dd>{repetitions === null ? words.endless : formats.whole(repetitions)}</dd>
        </div>
        <div className="account-total">
          <dt>{repetitions === null ? words.totalEndless : words.total}</dt>
          <dd>
            <Coins amount={priceOf(input)} />
          </dd>
        </div>
      </dl>
      <p className="soft">{words.priceHint}</p>
    </>
  );
}

function Guest() {
  const { form: words } = useErrandsWords();
  const { session } = useWords();
  const here = nextFrom(usePath(), useQuery());
  return (
    <div className="note errands-short">
      <p>{words.guest}</p>
      <div className="form-actions">
        <Link className="button button-strong" href={withNext('/login', here)}>
          {session.logIn}
        </Link>
        <Link className="button" href={withNext('/sign-up', here)}>
          {session.signUp}
        </Link>
      </div>
    </div>
  );
}
