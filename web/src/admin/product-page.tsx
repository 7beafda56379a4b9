/** One product to change, with the stock of each of its variants. */
import { useCallback } from 'react';
import { useReloading } from '../api/use-resource.ts';
import { Form, TextField } from '../design/form.tsx';
import { Loaded } from '../design/loaded.tsx';
import { Empty } from '../design/states.tsx';
import { useToasts } from '../design/toasts.tsx';
import { useFormats } from '../language/language.ts';
import { ProductForm } from './product-form.tsx';
import { bookPieces, loadProduct, loadStock, type Stock } from './sources.ts';
import { useAdminWords } from './words.ts';

const shownReceipts = 5;

export function EditProductPage({ id }: { id: string }) {
  const { product: words } = useAdminWords();
  const [resource] = useReloading(useCallback((signal: AbortSignal) => loadProduct(id, signal), [id]));
  return (
    <Loaded resource={resource} height="24rem">
      {(product) =>
        product === undefined ? (
          <Empty title={words.unknown} hint={words.unknownHint} />
        ) : (
          <>
            <ProductForm product={product} />
            {product.variants.map((variant) => (
              <StockSheet key={variant.id} variantId={variant.id} name={variant.name} />
            ))}
          </>
        )
      }
    </Loaded>
  );
}

function StockSheet({ variantId, name }: { variantId: string; name: string }) {
  const { product: words } = useAdminWords();
  const tell = useToasts();
  const [resource, reload] = useReloading(useCallback((signal: AbortSignal) => loadStock(variantId, signal), [variantId]));
  return (
    <section className="sheet" aria-label={words.stockOf(variantId)}>
      <div className="sheet-head">
        <h2>
          {words.stock}: {name}
        </h2>
        <span className="label">{variantId}</span>
      </div>
      <div className="sheet-body admin-pair">
        <Loaded resource={resource} height="10rem">
          {(stock) => <StockFigures stock={stock} />}
        </Loaded>
        <Form
          submit={words.book}
          plain
          onSubmit={async (typed, form) => {
            await bookPieces(variantId, { pieces: Number(typed('pieces')), reason: typed('reason') });
            form.reset();
            reload();
            tell('good', words.booked);
          }}
        >
          <TextField
            label={words.pieces}
            name="pieces"
            short
            type="number"
            step={1}
            min={-1_000_000}
            max={1_000_000}
            hint={words.piecesHint}
          />
          <TextField label={words.reason} name="reason" maxLength={200} />
        </Form>
      </div>
    </section>
  );
}

function StockFigures({ stock }: { stock: Stock }) {
  const { product: words } = useAdminWords();
  const formats = useFormats();
  const figures = [
    [words.received, stock.received],
    [words.returned, stock.returned],
    [words.sold, 0 - stock.sold],
  ] as const;
  return (
    <div>
      <dl className="account">
        {figures.map(([text, pieces]) => (
          <div key={text}>
            <dt>{text}</dt>
            <dd>{formats.whole(pieces)}</dd>
          </div>
        ))}
        <div className="account-total">
          <dt>{words.onHand}</dt>
          <dd>{formats.whole(stock.onHand)}</dd>
        </div>
        <div>
          <dt>{words.reserved}</dt>
          <dd>{formats.whole(stock.reserved)}</dd>
        </div>
      </dl>
      {stock.receipts.length > 0 && <h3 className="admin-receipts">{words.receipts}</h3>}
      <ul className="entries">
        {stock.receipts.slice(0, shownReceipts).map(({ pieces, reason, at }) => (
          <li key={`${at}-${reason}-${pieces}`}>
            <div>
              <p>{reason}</p>
              <p className="label">{formats.date(at)}</p>
            </div>
            <b>{formats.signed(pieces)}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
