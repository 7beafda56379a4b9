/** One's own orders, live. */
import { useRef } from 'react';
import { usePages } from '#web/api/use-pages.ts';
import { newRequestKey } from '#web/browser.ts';
import { Coins } from '#web/design/coins.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { Link } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { loadBalance } from '#web/session/session.ts';
import { ErrandsHead } from '../errands-head.tsx';
import { useFeed } from '../feed.ts';
import { names } from '../names.ts';
import { StateBadge } from '../order/state-badge.tsx';
import { useRhythmText } from '../rhythm-text.ts';
import { exportFile, importOrders, loadOrders, type Order } from '../sources.ts';
import { useErrandsWords } from '../words.ts';

export function OrdersPage() {
  const { market } = useErrandsWords();
  const title = useName(names.orders);
  usePageTitle(title);
  return (
    <div className="page">
      <ErrandsHead title={title} back={{ href: '/errands', text: market.back }} />
      <ForMembers>{({ member }) => <Orders key={member.id} />}</ForMembers>
    </div>
  );
}

function Orders() {
  const { orders: words, form } = useErrandsWords();
  const pages = usePages(loadOrders);
  useFeed(undefined, pages.reload);
  const empty = (
    <Empty title={words.empty} hint={words.emptyHint}>
      <Link className="button button-strong" href="/errands/new">
        {form.title}
      </Link>
      <Link className="button" href="/errands">
        {words.toExamples}
      </Link>
    </Empty>
  );
  return (
    <ListSheet title={words.title} tools={<Files onImport={pages.reload} />} pages={pages} empty={empty}>
      {(orders) => <OrderLedger orders={orders} />}
    </ListSheet>
  );
}

function OrderLedger({ orders }: { orders: readonly Order[] }) {
  const { orders: words } = useErrandsWords();
  const formats = useFormats();
  const rhythm = useRhythmText();
  const columns: readonly Column<Order>[] = [
    {
      head: words.order,
      kind: 'name',
      cell: ({ id, title, address, schedule }) => (
        <>
          <Link href={`/errands/orders/${id}`}>{title}</Link>
          <span className="label errands-address">{address}</span>
          <span className="label">{rhythm(schedule.repeat)}</span>
        </>
      ),
    },
    { head: words.state, cell: ({ state }) => <StateBadge state={state} /> },
    {
      head: words.next,
      cell: ({ nextTimes: [next] }) => (next === undefined ? <span className="soft">{words.none}</span> : formats.moment(next)),
    },
    {
      head: words.last,
      cell: ({ lastValue, lastAt, runs }) => (
        <>
          <span className="errands-value">{lastValue ?? words.results(runs.results)}</span>
          {lastAt !== null && <span className="label">{formats.moment(lastAt)}</span>}
        </>
      ),
    },
    { head: words.coins, kind: 'figure', cell: ({ coins }) => <Coins amount={coins.prepaid} /> },
  ];
  return <Ledger rows={orders} keyOf={({ id }) => id} columns={columns} />;
}

/** All orders as a file, and orders out of such a file. */
function Files({ onImport }: { onImport: () => void }) {
  const { orders: words } = useErrandsWords();
  const tell = useToasts();
  const failureText = useFailureText();
  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    try {
      const count = await importOrders(await file.text(), newRequestKey());
      tell('good', words.imported(count));
      onImport();
      await loadBalance();
    } catch (failure) {
      tell('bad', failure instanceof SyntaxError ? words.noFile : failureText(failure));
    } finally {
      if (input.current !== null) input.current.value = '';
    }
  };
  return (
    <div className="form-actions">
      <a className="button" href={exportFile} download="errands.json">
        {words.exportAll}
      </a>
      <button type="button" className="button" onClick={() => input.current?.click()}>
        {words.import}
      </button>
      <input
        ref={input}
        hidden
        type="file"
        accept="application/json,.json"
        aria-label={words.import}
        onChange={(event) => take(event.target.files?.[0])}
      />
    </div>
  );
}
