/** What can be done with an order: run now, pause, resume, edit, clone, export, cancel. */
import { useState } from 'react';
import { newRequestKey } from '#web/browser.ts';
import { Coins } from '#web/design/coins.tsx';
import { Dialog } from '#web/design/dialog.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { Link } from '#web/routing/navigation.tsx';
import { loadBalance } from '#web/session/session.ts';
import { cancelOrder, exportOf, type Order, pauseOrder, resumeOrder, runNow } from '../sources.ts';
import { useErrandsWords } from '../words.ts';

export function OrderActions({ order, onChange }: { order: Order; onChange: () => void }) {
  const { actions: words } = useErrandsWords();
  const tell = useToasts();
  const failureText = useFailureText();
  const [busy, setBusy] = useState(false);
  const [cancelling, setCancelling] = useState(false);
  const { id, state } = order;
  const live = state !== 'done' && state !== 'cancelled';

  const act = async (work: (id: string) => Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await work(id);
      tell('good', done);
      await loadBalance();
    } catch (failure) {
      tell('bad', failureText(failure));
    } finally {
      setBusy(false);
      onChange();
    }
  };
  return (
    <div className="form-actions">
      {live && (
        <button
          type="button"
          className="button button-strong"
          disabled={busy}
          onClick={() => act((order) => runNow(order, newRequestKey()), words.running)}
        >
          {words.runNow}
        </button>
      )}
      {state === 'active' && (
        <button type="button" className="button" disabled={busy} onClick={() => act(pauseOrder, words.paused)}>
          {words.pause}
        </button>
      )}
      {(state === 'paused' || state === 'out-of-coins') && (
        <button type="button" className="button" disabled={busy} onClick={() => act(resumeOrder, words.resumed)}>
          {words.resume}
        </button>
      )}
      {live && (
        <Link className="button" href={`/errands/orders/${id}/edit`}>
          {words.edit}
        </Link>
      )}
      <Link className="button" href={`/errands/new?from=${id}`}>
        {words.clone}
      </Link>
      <a className="button" href={exportOf(id)} download={`${id}.json`}>
        {words.export}
      </a>
      {live && (
        <button type="button" className="button" disabled={busy} onClick={() => setCancelling(true)}>
          {words.cancel}
        </button>
      )}
      {cancelling && (
        <Dialog title={words.cancelTitle} onClose={() => setCancelling(false)}>
          <p>
            {words.cancelHint} <Coins amount={order.coins.prepaid} />
          </p>
          <div className="form-actions">
            <button
              type="button"
              className="button button-strong"
              onClick={() => {
                setCancelling(false);
                void act(cancelOrder, words.cancelled);
              }}
            >
              {words.confirmCancel}
            </button>
            <button type="button" className="button" onClick={() => setCancelling(false)}>
              {words.keep}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
