/** One order: to move on, or to refund. */
import { useCallback, useState } from 'react';
import type { RefundInput } from '#modules/shop/api/admin/orders-contracts.ts';
import type { Order } from '#modules/shop/api/orders/contracts.ts';
import { RequestFailure } from '#web/api/api.ts';
import { useRequestKeys } from '#web/api/request-key.ts';
import { useReloading } from '#web/api/use-resource.ts';
import { Choice } from '#web/design/choice.tsx';
import { CheckField, Form, TextField, type Typed } from '#web/design/form.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Icon } from '#web/design/marks.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { OrderSheets } from '../order-sheets.tsx';
import { loadOrder, type Move, moveOrder, refundOrder } from './sources.ts';
import { useShopAdminWords } from './words.ts';

/** What an admin may do next; the server decides whether it is possible. */
const moves: Readonly<Record<Order['state'], readonly Move[]>> = {
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
  const [resource, reload] = useReloading(useCallback((signal: AbortSignal) => loadOrder(id, signal), [id]));
  return (
    <>
      <Link className="back" href="/admin/orders">
        <Icon name="back" />
        {words.back}
      </Link>
      <h2>{id}</h2>
      <Loaded resource={resource} height="24rem">
        {(order) => (
          <>
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

function MoveSheet({ order: { id, state }, onMoved }: { order: Order; onMoved: () => void }) {
  const { orders: words } = useShopAdminWords();
  const tell = useToasts();
  const [next, ...others] = moves[state];
  const [chosen, setChosen] = useState<Move>();
  const to = chosen !== undefined && moves[state].includes(chosen) ? chosen : next;
  return (
    <Sheet title={words.moveOn} padded>
      {to === undefined ? (
        <p className="soft">{words.nothingFollows}</p>
      ) : (
        <Form
          submit={words.moves[to]}
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

const whats = ['everything', 'lines', 'amount'] as const;

function RefundSheet({ order, onRefunded }: { order: Order; onRefunded: () => void }) {
  const { orders: words } = useShopAdminWords();
  const formats = useFormats();
  const tell = useToasts();
  const keys = useRequestKeys();
  const [what, setWhat] = useState<(typeof whats)[number]>('everything');
  const left = order.lines.filter(({ quantity, refundedQuantity }) => refundedQuantity < quantity);

  const inputFrom = (typed: Typed): RefundInput => {
    const reason = typed('reason');
    const restock = typed('restock') !== '';
    if (what === 'everything') return { reason, everything: true, restock };
    if (what === 'amount') return { reason, amount: Number(typed('amount')) };
    const lines = left
      .map(({ line }) => ({ line, quantity: Number(typed(`line-${line}`)), restock }))
      .filter(({ quantity }) => quantity > 0);
    if (lines.length === 0) throw new RequestFailure(400, words.noPieces);
    return { reason, lines };
  };
  const giveBack = async (typed: Typed, form: HTMLFormElement) => {
    const input = inputFrom(typed);
    const { amount } = await refundOrder(order.id, input, keys.keyFor(input));
    keys.done();
    form.reset();
    onRefunded();
    tell('good', words.gaveBack(formats.whole(amount)));
  };
  return (
    <Sheet
      title={words.refund}
      tools={<span className="label">{words.refundHint(formats.whole(order.total - order.refunded))}</span>}
      padded
    >
      <Form submit={words.giveBack} plain onSubmit={giveBack}>
        <Choice
          legend={words.what}
          legendShown
          chosen={what}
          options={whats.map((value) => ({ value, text: words.whats[value] }))}
          onChoose={setWhat}
        />
        {what === 'amount' && (
          <TextField
            label={words.amount}
            name="amount"
            short
            type="number"
            min={1}
            max={order.total - order.refunded}
            step={1}
            hint={words.amountHint}
          />
        )}
        {what === 'lines' &&
          left.map(({ line, productName, variantName, quantity, refundedQuantity }) => (
            <TextField
              key={line}
              label={words.linePieces(`${productName}, ${variantName}`)}
              name={`line-${line}`}
              short
              type="number"
              min={0}
              max={quantity - refundedQuantity}
              step={1}
              defaultValue={0}
            />
          ))}
        {what !== 'amount' && <CheckField label={words.restock} name="restock" defaultChecked />}
        <TextField label={words.reason} name="reason" maxLength={200} />
      </Form>
    </Sheet>
  );
}
