/** What is left of everything for sale, the least first: what to order next. */
import { useCallback } from 'react';
import type { StockLevel } from '#modules/shop/api/admin/goods-contracts.ts';
import { usePages } from '#web/api/use-pages.ts';
import { SelectFilter } from '#web/design/filters.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats } from '#web/language/language.ts';
import { Link, useQuery } from '#web/routing/navigation.tsx';
import { adminNames } from '../names.ts';
import { LevelBadge, lowStock } from './level-badge.tsx';
import { loadStockLevels } from './sources.ts';
import { useShopAdminWords } from './words.ts';

/** Fewer pieces than these, by the level asked for. */
const below: Readonly<Record<string, number>> = { low: lowStock, out: 1 };

export function StockPage() {
  const { stock: words } = useShopAdminWords();
  const title = useName(adminNames.stock);
  const fewerThan = below[useQuery().get('level') ?? ''];
  const pages = usePages(
    useCallback((after: string | undefined, signal: AbortSignal) => loadStockLevels(fewerThan, after, signal), [fewerThan]),
  );
  const levels = [
    { value: '', text: words.all },
    { value: 'low', text: words.low },
    { value: 'out', text: words.out },
  ];
  return (
    <ListSheet
      title={title}
      tools={<SelectFilter name="level" label={words.level} options={levels} />}
      pages={pages}
      empty={<Empty title={words.empty} hint={words.emptyHint} />}
    >
      {(stock) => <StockTable stock={stock} />}
    </ListSheet>
  );
}

export function StockTable({ stock }: { stock: readonly StockLevel[] }) {
  const { products, stock: words } = useShopAdminWords();
  const formats = useFormats();
  const columns: readonly Column<StockLevel>[] = [
    {
      head: words.article,
      kind: 'name',
      cell: ({ productId, productName, variantName, variantId }) => (
        <>
          <Link href={`/admin/products/${productId}`}>
            {productName}, {variantName}
          </Link>
          <span className="label">{variantId}</span>
        </>
      ),
    },
    {
      head: products.stock,
      kind: 'figure',
      cell: ({ available, onHand, reserved }) => (
        <>
          <LevelBadge available={available} /> <b>{formats.whole(available)}</b>
          {reserved > 0 && <span className="label">{words.reservedOf(formats.whole(reserved), formats.whole(onHand))}</span>}
        </>
      ),
    },
  ];
  return <Ledger rows={stock} keyOf={({ variantId }) => variantId} columns={columns} />;
}
