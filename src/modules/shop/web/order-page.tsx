/** One order: how far it is, what is in it, where it goes, and everything that happened to it. */
import { useCallback, useState } from 'react';
import type { Order } from '#modules/shop/api/orders/contracts.ts';
import { useReloading } from '#web/api/use-resource.ts';
import { Loaded } from '#web/design/loaded.tsx';
import { Empty } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { Link } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { loadBalance } from '#web/session/session.ts';
import { OrderSheets } from './order-sheets.tsx';
import { ShopHead } from './shop-head.tsx';
import { cancelOrder, loadOrder, payAtTestProvider } from './sources.ts';
import { useShopWords } from './words.ts';

export function OrderPage({ id }: { id: string }) {
  const { order: words } = useShopWords();
  usePageTitle(words.title(id));
  return (
    <div className="page">
      <ShopHead title={words.title(id)} back />
      <ForMembers>{() => <OwnOrder id={id} />}</ForMembers>
    </div>
  );
}

function OwnOrder({ id }: { id: string }) {
  const { order: words, orders } = useShopWords();
  const [resource, reload] = useReloading(useCallback((signal: AbortSignal) => loadOrder(id, signal), [id]));
  const unknown = (
    <Empty title={words.unknown} hint={words.unknownHint}>
      <Link className="button button-strong" href="/shop/orders">
        {orders.title}
      </Link>
    </Empty>
  );
  return (
    <Loaded resource={resource} height="24rem" unknown={unknown}>
      {(order) => <Known order={order} onChange={reload} />}
    </Loaded>
  );
}

function Known({ order, onChange }: { order: Order; onChange: () => void }) {
  const { order: words } = useShopWords();
  const formats = useFormats();
  const tell = useToasts();
  const failureText = useFailureText();
  const [busy, setBusy] = useState(false);

  const act = async (work: () => Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await work();
      tell('good', done);
    } catch (failure) {
      tell('bad', failureText(failure));
    } finally {
      setBusy(false);
      onChange();
      await loadBalance();
    }
  };
  return (
    <>
      {order.state === 'awaiting_payment' && <ToPay order={order} busy={busy} onAct={act} />}
      <p className="soft">{words.orderedAt(formats.date(order.createdAt))}</p>
      <OrderSheets order={order} />
      {(order.state === 'paid' || order.state === 'awaiting_payment') && (
        <div className="form-actions">
          <button type="button" className="button" disabled={busy} onClick={() => act(() => cancelOrder(order.id), words.cancelled)}>
            {words.cancel}
          </button>
          <span className="label">{words.cancelHint}</span>
        </div>
      )}
    </>
  );
}

type Act = (work: () => Promise<unknown>, done: string) => Promise<void>;

/** The test provider has no page of its own: its two answers are buttons here. */
function ToPay({ order: { id, payAt }, busy, onAct }: { order: Order; busy: boolean; onAct: Act }) {
  const { order: words } = useShopWords();
  if (payAt === null) return null;
  const test = payAt.endsWith('/test-payment');
  return (
    <div className="note note-look order-to-pay">
      <p>{words.toPay}</p>
      <div className="form-actions">
        {test ? (
          <>
            <button
              type="button"
              className="button button-strong"
              disabled={busy}
              onClick={() => onAct(() => payAtTestProvider(id, 'paid'), words.paidNow)}
            >
              {words.payTest}
            </button>
            <button
              type="button"
              className="button"
              disabled={busy}
              onClick={() => onAct(() => payAtTestProvider(id, 'failed'), words.failedNow)}
            >
              {words.failTest}
            </button>
          </>
        ) : (
          <a className="button button-strong" href={payAt} rel="noreferrer">
            {words.payAt}
          </a>
        )}
      </div>
    </div>
  );
}
