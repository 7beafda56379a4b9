/** One order, live: its state, runs, results, numbers, coins, and what can be done with it. */
import { useCallback } from 'react';
import { usePages } from '#web/api/use-pages.ts';
import { usePolledAndReloading } from '#web/api/use-polled.ts';
import { Loaded } from '#web/design/loaded.tsx';
import { Empty } from '#web/design/states.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats } from '#web/language/language.ts';
import { Link, useQuery } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { ErrandsHead } from '../errands-head.tsx';
import { useFeed } from '../feed.ts';
import { names } from '../names.ts';
import { useRhythmText } from '../rhythm-text.ts';
import { loadOrder, loadResults, type Order } from '../sources.ts';
import { useOnChange } from '../use-on-change.ts';
import { useErrandsWords } from '../words.ts';
import { CoinsSheet } from './coins-sheet.tsx';
import { LatencySheet } from './latency-sheet.tsx';
import { NumbersSheet } from './numbers-sheet.tsx';
import { OpenRunsSheet } from './open-runs-sheet.tsx';
import { OrderActions } from './order-actions.tsx';
import { ReceiveHint } from './receive-hint.tsx';
import { ResultSheet } from './result-sheet.tsx';
import { ResultsSheet } from './results-sheet.tsx';
import { StateBadge } from './state-badge.tsx';
import { WebhookSheet } from './webhook-sheet.tsx';

/** Results are told by the feed; states that have none, such as a claimed run, are asked for as often. */
const refreshMs = 3_000;
/** Longer values are in the list of results only. */
const longestLast = 60;

export function OrderPage({ id }: { id: string }) {
  const orders = useName(names.orders);
  usePageTitle(id);
  return (
    <div className="page">
      <ForMembers>{() => <OwnOrder id={id} orders={orders} />}</ForMembers>
    </div>
  );
}

function OwnOrder({ id, orders }: { id: string; orders: string }) {
  const { order: words } = useErrandsWords();
  const [resource, reload] = usePolledAndReloading(
    useCallback((signal: AbortSignal) => loadOrder(id, signal), [id]),
    refreshMs,
  );
  const back = { href: '/errands/orders', text: orders };
  const unknown = (
    <Empty title={words.unknown} hint={words.unknownHint} level={1}>
      <Link className="button button-strong" href={back.href}>
        {orders}
      </Link>
    </Empty>
  );
  return (
    <Loaded resource={resource} height="28rem" level={1} unknown={unknown}>
      {(order) => <Known order={order} back={back} onChange={reload} />}
    </Loaded>
  );
}

function Known({ order, back, onChange }: { order: Order; back: { href: string; text: string }; onChange: () => void }) {
  const { id, runs } = order;
  const results = usePages(useCallback((after: string | undefined, signal: AbortSignal) => loadResults(id, after, signal), [id]));
  const { reload } = results;
  useFeed(id, onChange);
  useOnChange(runs.results + runs.withdrawn, reload);
  const list = results.list.state === 'ready' ? results.list.value : [];
  const asked = Number(useQuery().get('result'));
  const shown = list.find(({ number }) => number === asked) ?? list.find(({ outcome }) => outcome === 'delivered') ?? list[0];
  return (
    <>
      <ErrandsHead title={order.title} back={back} />
      <Facts order={order} />
      <OrderActions order={order} onChange={onChange} />
      <div className="errands-order">
        <div className="errands-order-main">
          <OpenRunsSheet order={order} />
          <ResultsSheet pages={results} shown={shown?.number} />
          {shown !== undefined && <ResultSheet key={shown.number} result={shown} />}
        </div>
        <div className="errands-order-side">
          <NumbersSheet order={order} results={list} />
          <LatencySheet order={order} />
          <CoinsSheet order={order} />
          <WebhookSheet order={order} />
          <ReceiveHint order={order} />
        </div>
      </div>
    </>
  );
}

function Facts({ order }: { order: Order }) {
  const { order: words } = useErrandsWords();
  const { id, state, address, schedule, nextTimes, used, lastValue } = order;
  const [next] = nextTimes;
  const formats = useFormats();
  const rhythm = useRhythmText();
  return (
    <>
      <p className="errands-facts">
        <StateBadge state={state} />
        <span>{rhythm(schedule.repeat)}</span>
        <span className="soft">{next === undefined ? words.noNext : words.next(formats.moment(next))}</span>
        <span className="soft">
          {schedule.repetitions === null ? words.endless : words.leftOver(formats.whole(schedule.repetitions - used))}
        </span>
        <span className="soft">{id}</span>
      </p>
      <p className="errands-address">
        <a href={address} rel="noreferrer noopener" target="_blank">
          {address}
        </a>
      </p>
      {lastValue !== null && lastValue.length <= longestLast && (
        <p className="errands-last" aria-live="polite">
          <span className="label">{words.lastValue}</span> <b>{lastValue}</b>
        </p>
      )}
    </>
  );
}
