/** What went back, the newest first, and what the payment provider still owes. */
import { useCallback } from 'react';
import type { ListedRefund } from '#modules/shop/api/admin/orders-contracts.ts';
import { usePages } from '#web/api/use-pages.ts';
import { Coins } from '#web/design/coins.tsx';
import { SelectFilter } from '#web/design/filters.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats } from '#web/language/language.ts';
import { Link, useQuery } from '#web/routing/navigation.tsx';
import { adminNames } from '../names.ts';
import { useNoteText } from '../note-text.ts';
import { useShopWords } from '../words.ts';
import { loadRefunds } from './sources.ts';
import { useWho } from './use-who.ts';
import { useShopAdminWords } from './words.ts';

/** What the API calls the states that can be chosen. */
const settledIn: Readonly<Record<string, boolean>> = { settled: true, owed: false };

export function RefundsPage() {
  const { orders, refunds: words } = useShopAdminWords();
  const title = useName(adminNames.refunds);
  const settled = settledIn[useQuery().get('state') ?? ''];
  const pages = usePages(useCallback((after: string | undefined, signal: AbortSignal) => loadRefunds(settled, after, signal), [settled]));
  const states = [
    { value: '', text: orders.all },
    { value: 'settled', text: words.settled },
    { value: 'owed', text: words.owed },
  ];
  return (
    <ListSheet
      title={title}
      tools={<SelectFilter name="state" label={orders.state} options={states} />}
      pages={pages}
      empty={<Empty title={words.empty} hint={words.emptyHint} />}
    >
      {(refunds) => <RefundTable refunds={refunds} />}
    </ListSheet>
  );
}

function RefundTable({ refunds }: { refunds: readonly ListedRefund[] }) {
  const { orders, refunds: words } = useShopAdminWords();
  const whoIs = useWho();
  const { orders: shopWords } = useShopWords();
  const formats = useFormats();
  const noteText = useNoteText();
  const columns: readonly Column<ListedRefund>[] = [
    {
      head: shopWords.order,
      kind: 'name',
      cell: ({ orderId, reason, houseNote, by, byName }) => (
        <>
          <Link href={`/admin/orders/${orderId}`}>{orderId}</Link>
          <span className="label" title={by}>
            {noteText({ note: reason, houseNote })} · {words.by(whoIs(by, byName))}
          </span>
        </>
      ),
    },
    { head: shopWords.when, kind: 'when', cell: ({ at }) => formats.date(at) },
    {
      head: orders.state,
      cell: ({ settled }) => (
        <span className={settled ? 'badge badge-good' : 'badge badge-warning'}>{settled ? words.settled : words.owed}</span>
      ),
    },
    { head: shopWords.total, kind: 'figure', cell: ({ amount }) => <Coins amount={amount} /> },
  ];
  return <Ledger rows={refunds} keyOf={({ id }) => id} columns={columns} />;
}
