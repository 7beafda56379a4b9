/** One order: to move on, or to refund. */
import { useCallback, useState } from 'react';
import type { AdminOrder } from '#modules/shop/api/admin/orders-contracts.ts';
import { useReloading } from '#web/api/use-resource.ts';
import { Choice } from '#web/design/choice.tsx';
import type { Question } from '#web/design/confirm.tsx';
import { Form, TextField } from '#web/design/form.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { BackLink } from '#web/design/market-head.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { OrderSheets } from '../order-sheets.tsx';
import { RefundSheet } from './refund-sheet.tsx';
import { loadOrder, type Move, moveOrder } from './sources.ts';
import { useWho } from './use-who.ts';
import { useShopAdminWords } from './words.ts';

/** What an admin may do next; the server decides whether it is possible. */
const moves: Readonly<Record<AdminOrder['state'], readonly Move[]>> = {
  awaiting_payment: ['cancelled'],
  paid: ['packed', 'cancelled'],
  packed: ['shipped'],
  shipped: ['delivered'],
  delivered: [],
  cancelled: [],
  returned: [],
};

export function AdminOrderPage({ id }: { id: string }) {
  const { orders: words } = useShopAdminWords();
  const whoIs = useWho();
  const [resource, reload] = useReloading(useCallback((signal: AbortSignal) => loadOrder(id, signal), [id]));
  return (
    <>
      <BackLink to={{ href: '/admin/orders', text: words.back }} />
      <h2>{id}</h2>
      <Loaded resource={resource} height="24rem">
        {(order) => (
          <>
            <p>
              {words.account}:{' '}
              <Link href={`/admin/orders?account=${order.accountId}`} title={order.accountId}>
                {whoIs(order.accountId, order.accountName)}
              </Link>
            </p>
            <OrderSheets order={order} />
            <div className="admin-pair">
              <MoveSheet order={order} onMoved={reload} />
              {order.payment !== null && order.refunded < order.total && <RefundSheet order={order} onRefunded={reload} />}
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

function MoveSheet({ order, onMoved }: { order: AdminOrder; onMoved: () => void }) {
  const { id, state } = order;
  const { orders: words } = useShopAdminWords();
  const whoIs = useWho();
  const formats = useFormats();
  const tell = useToasts();
  const [next, ...others] = moves[state];
  const [chosen, setChosen] = useState<Move>();
  const to = chosen !== undefined && moves[state].includes(chosen) ? chosen : next;
  const cancelling: Question = {
    title: words.moves.cancelled,
    says: words.cancelAsked(formats.whole(order.total - order.refunded), whoIs(order.accountId, order.accountName)),
    yes: words.moves.cancelled,
  };
  return (
    <Sheet title={words.moveOn} padded>
      {to === undefined ? (
        <p className="soft">{words.nothingFollows}</p>
      ) : (
        <Form
          submit={words.moves[to]}
          ask={to === 'cancelled' && order.payment !== null ? () => cancelling : undefined}
          onSubmit={async (typed, form) => {
            await moveOrder(id, { state: to, note: typed('note') });
            form.reset();
            onMoved();
            tell('good', words.done);
          }}
        >
          {others.length > 0 && (
            <Choice
              legend={words.moveOn}
              chosen={to}
              options={moves[state].map((move) => ({ value: move, text: words.moves[move] }))}
              onChoose={setChosen}
            />
          )}
          <TextField label={words.note} name="note" required={false} hint={words.noteHint} maxLength={200} />
        </Form>
      )}
    </Sheet>
  );
}
