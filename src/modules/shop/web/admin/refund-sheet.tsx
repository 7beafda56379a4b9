/** Giving back what was paid for an order: all of it, pieces, or an amount. */
import { useState } from 'react';
import type { AdminOrder, RefundInput } from '#modules/shop/api/admin/orders-contracts.ts';
import { RequestFailure } from '#web/api/api.ts';
import { useRequestKeys } from '#web/api/request-key.ts';
import { Choice } from '#web/design/choice.tsx';
import type { Question } from '#web/design/confirm.tsx';
import { CheckField, Form, TextField, type Typed } from '#web/design/form.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { refundOrder } from './sources.ts';
import { useWho } from './use-who.ts';
import { useShopAdminWords } from './words.ts';

const whats = ['everything', 'lines', 'amount'] as const;
type What = (typeof whats)[number];

function isLeft({ quantity, refundedQuantity }: AdminOrder['lines'][number]): boolean {
  return refundedQuantity < quantity;
}

export function RefundSheet({ order, onRefunded }: { order: AdminOrder; onRefunded: () => void }) {
  const { orders: words } = useShopAdminWords();
  const formats = useFormats();
  const tell = useToasts();
  const keys = useRequestKeys();
  const [what, setWhat] = useState<What>('everything');
  const left = order.lines.filter(isLeft);

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
  const asked = useRefundQuestion(order, what);
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
      <Form submit={words.giveBack} plain ask={asked} onSubmit={giveBack}>
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

/** Asks with who gets how many coins; nothing where no pieces are chosen, which is refused when it is sent. */
function useRefundQuestion(order: AdminOrder, what: What): (typed: Typed) => Question | undefined {
  const { orders: words } = useShopAdminWords();
  const formats = useFormats();
  const who = useWho()(order.accountId, order.accountName);
  const asked = (says: Question['says']): Question => ({ title: words.refund, says, yes: words.giveBack });
  return (typed) => {
    if (what === 'everything') return asked(words.refundAsked(formats.whole(order.total - order.refunded), who));
    if (what === 'amount') return asked(words.refundAsked(formats.whole(Number(typed('amount'))), who));
    const pieces = order.lines.filter(isLeft).filter(({ line }) => Number(typed(`line-${line}`)) > 0);
    if (pieces.length === 0) return undefined;
    return asked(
      <>
        <p>{words.piecesAsked(who)}</p>
        <ul>
          {pieces.map(({ line, productName, variantName }) => (
            <li key={line}>
              {formats.whole(Number(typed(`line-${line}`)))} × {productName}, {variantName}
            </li>
          ))}
        </ul>
      </>,
    );
  };
}
