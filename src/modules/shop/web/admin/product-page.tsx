/** One product to change, with the stock of each of its variants and what came in. */
import { useCallback } from 'react';
import type { AdminProduct } from '#modules/shop/api/admin/goods-contracts.ts';
import { usePages } from '#web/api/use-pages.ts';
import { useReloading } from '#web/api/use-resource.ts';
import { Form, TextField } from '#web/design/form.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Empty } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { PictureSheet } from './picture-sheet.tsx';
import { ProductForm } from './product-form.tsx';
import { bookPieces, loadProduct, loadReceipts } from './sources.ts';
import { useWho } from './use-who.ts';
import { useShopAdminWords } from './words.ts';

type Variant = AdminProduct['variants'][number];

export function EditProductPage({ id }: { id: string }) {
  const { product: words } = useShopAdminWords();
  const [resource, reload] = useReloading(useCallback((signal: AbortSignal) => loadProduct(id, signal), [id]));
  const receipts = usePages(useCallback((after: string | undefined, signal: AbortSignal) => loadReceipts(id, after, signal), [id]));
  const booked = () => {
    reload();
    receipts.reload();
  };
  return (
    <Loaded resource={resource} height="24rem">
      {(product) =>
        product === undefined ? (
          <Empty title={words.unknown} hint={words.unknownHint} />
        ) : (
          <>
            <ProductForm product={product} />
            <PictureSheet product={product} onChange={reload} />
            {product.variants.map((variant) => (
              <StockSheet key={variant.id} variant={variant} onBooked={booked} />
            ))}
            <ListSheet title={words.receipts} pages={receipts} empty={<p className="sheet-body soft">{words.noReceipts}</p>}>
              {(list) => <Receipts receipts={list} />}
            </ListSheet>
          </>
        )
      }
    </Loaded>
  );
}

function StockSheet({ variant: { id, name, stock }, onBooked }: { variant: Variant; onBooked: () => void }) {
  const { product: words } = useShopAdminWords();
  const tell = useToasts();
  return (
    <section className="sheet" aria-label={words.stockOf(id)}>
      <div className="sheet-head">
        <h2>
          {words.stock}: {name}
        </h2>
        <span className="label">{id}</span>
      </div>
      <div className="sheet-body admin-pair">
        <StockFigures stock={stock} />
        <Form
          submit={words.book}
          plain
          onSubmit={async (typed, form) => {
            await bookPieces(id, { pieces: Number(typed('pieces')), reason: typed('reason') });
            form.reset();
            onBooked();
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

function StockFigures({ stock }: { stock: Variant['stock'] }) {
  const { product: words } = useShopAdminWords();
  const formats = useFormats();
  const figures = [
    [words.received, stock.received],
    [words.returned, stock.returned],
    [words.sold, 0 - stock.sold],
  ] as const;
  return (
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
  );
}

function Receipts({ receipts }: { receipts: readonly AdminProduct['receipts'][number][] }) {
  const { refunds: words } = useShopAdminWords();
  const whoIs = useWho();
  const formats = useFormats();
  return (
    <ul className="sheet-body entries">
      {receipts.map(({ id, variantId, pieces, reason, by, byName, at }) => (
        <li key={id}>
          <div>
            <p>{reason}</p>
            <p className="label" title={by}>
              {formats.date(at)} · {variantId} · {words.by(whoIs(by, byName))}
            </p>
          </div>
          <b>{formats.signed(pieces)}</b>
        </li>
      ))}
    </ul>
  );
}
