/** An order as its owner and the house see it: its voyage, lines, totals, address, refunds and history. */
import type { Order } from '#modules/shop/api/orders/contracts.ts';
import { instrumentOf } from '#web/book-names.ts';
import { Coins } from '#web/design/coins.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { Icon } from '#web/design/marks.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useFormats, useLanguage } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { CartTotals } from './cart-totals.tsx';
import { countryName } from './countries.ts';
import { useNoteText } from './note-text.ts';
import { OrderBadge } from './order-badge.tsx';
import { useShopWords } from './words.ts';

const voyage: readonly Order['state'][] = ['paid', 'packed', 'shipped', 'delivered'];

export function OrderSheets({ order }: { order: Order }) {
  const { order: words } = useShopWords();
  const language = useLanguage();
  const { shipTo } = order;
  return (
    <>
      <Voyage order={order} />
      <div className="cart">
        <Sheet title={words.goods} tools={<OrderBadge state={order.state} />}>
          <Lines order={order} />
          <div className="order-totals">
            <CartTotals cart={order} settled={order.payment !== null} />
          </div>
        </Sheet>
        <div className="order-side">
          <Sheet title={words.shipTo}>
            <address className="sheet-body order-address">
              {[shipTo.name, shipTo.street, `${shipTo.postcode} ${shipTo.city}`, countryName(shipTo.country, language)].join('\n')}
            </address>
          </Sheet>
          <History order={order} />
        </div>
      </div>
    </>
  );
}

function Voyage({ order: { state } }: { order: Order }) {
  const { orders: words, order } = useShopWords();
  const reached = voyage.indexOf(state);
  if (reached < 0) return null;
  return (
    <ol className="sheet voyage" aria-label={order.voyage}>
      {voyage.map((step, index) => (
        <li key={step} className={index <= reached ? 'voyage-reached' : ''} aria-current={index === reached ? 'step' : undefined}>
          <span className="voyage-mark">{index <= reached && <Icon name="check" />}</span>
          {words.states[step]}
        </li>
      ))}
    </ol>
  );
}

/** At listed prices, as in the cart: the discount is taken off below. */
function Lines({ order: { lines } }: { order: Order }) {
  const { order: words } = useShopWords();
  const formats = useFormats();
  const columns: readonly Column<Order['lines'][number]>[] = [
    {
      head: words.article,
      kind: 'name',
      cell: ({ productId, productName, variantName }) => (
        <>
          <Link href={`/shop/products/${productId}`}>{productName}</Link>
          <span className="label">{variantName}</span>
        </>
      ),
    },
    {
      head: words.pieces,
      kind: 'figure',
      cell: ({ quantity, unitPrice, refundedQuantity }) => (
        <>
          {formats.whole(quantity)} × <Coins amount={unitPrice} />
          {refundedQuantity > 0 && <span className="label">{words.goneBack(formats.whole(refundedQuantity))}</span>}
        </>
      ),
    },
    { head: words.sum, kind: 'figure', cell: ({ unitPrice, quantity }) => <Coins amount={unitPrice * quantity} /> },
  ];
  return <Ledger rows={lines} keyOf={({ line }) => line} columns={columns} />;
}

function History({ order: { lines, history, refunds, payment } }: { order: Order }) {
  const { order: words, orders, checkout } = useShopWords();
  const formats = useFormats();
  const noteText = useNoteText();
  // A refund that leaves the state as it was also stands in the history: it is shown once, with its amount.
  const changes = history.filter(({ state }, index) => state !== history[index - 1]?.state);
  const entries = [
    ...changes.map(({ state, at, ...said }) => ({
      key: `${at}-${state}`,
      what: orders.states[state],
      note: noteText(said),
      at,
      amount: undefined,
    })),
    ...refunds.map(({ id, amount, reason, houseNote, at }) => ({
      key: id,
      what: words.refund,
      note: noteText({ note: reason, houseNote }),
      at,
      amount,
    })),
  ].toSorted((one, other) => one.at - other.at);
  return (
    <Sheet title={words.history} padded>
      {payment !== null && (
        <>
          <p className="soft">{words.paidWith(checkout.payments[payment.method], formats.whole(payment.amount))}</p>
          <Sales lines={lines} paidInCoins={payment.method === 'coins'} />
        </>
      )}
      <ul className="entries">
        {entries.map(({ key, what, note, at, amount }) => (
          <li key={key}>
            <div>
              <p>
                <b>{what}</b> {note !== '' && <span className="soft">{note}</span>}
              </p>
              <p className="label">{formats.date(at)}</p>
            </div>
            {amount !== undefined && <Coins amount={amount} signed />}
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

/** Where the books of the house show this order: each sale is on the tape, and coins are in the wallet. */
function Sales({ lines, paidInCoins }: { lines: Order['lines']; paidInCoins: boolean }) {
  const { order: words } = useShopWords();
  const language = useLanguage();
  const instruments = [...new Set(lines.map(({ instrument }) => instrument))];
  return (
    <ul>
      {instruments.map((instrument) => (
        <li key={instrument}>
          <Link href={`/stocks/${instrument}`}>{words.tape(instrumentOf(instrument, language)?.name ?? instrument)}</Link>
        </li>
      ))}
      {paidInCoins && (
        <li>
          <Link href="/wallet">{words.statement}</Link>
        </li>
      )}
    </ul>
  );
}
