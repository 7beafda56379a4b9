/** The history of an order's runs: when each was due, claimed and delivered, by how many attempts, and what came of it. */
import type { Pages } from '#web/api/use-pages.ts';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useFormats } from '#web/language/language.ts';
import { replaceQuery } from '#web/routing/navigation.tsx';
import { useMeasures } from '../measures.ts';
import type { Result } from '../sources.ts';
import { useErrandsWords } from '../words.ts';

export function ResultsSheet({ pages, shown }: { pages: Pages<Result>; shown: number | undefined }) {
  const { history: words } = useErrandsWords();
  const formats = useFormats();
  const columns: readonly Column<Result>[] = [
    {
      head: words.due,
      kind: 'name',
      cell: ({ number, dueAt }) => (
        <button
          type="button"
          className="errands-pick"
          aria-pressed={number === shown}
          onClick={() => replaceQuery({ result: String(number) })}
        >
          <span className="soft">{formats.whole(number)}</span> {formats.moment(dueAt)}
        </button>
      ),
    },
    { head: words.delivered, cell: (result) => <Delivered result={result} /> },
    { head: words.answer, kind: 'figure', cell: (result) => <Answer result={result} /> },
    {
      head: words.value,
      kind: 'change',
      cell: ({ value, changed, withdraws }) => (
        <>
          <span className="errands-value">{value ?? '–'}</span>
          {changed && withdraws === null && <span className="label">{words.changed}</span>}
        </>
      ),
    },
  ];
  return (
    <ListSheet title={words.title} pages={pages} empty={<Empty title={words.empty} hint={words.emptyHint} />}>
      {(results) => <Ledger rows={results} keyOf={({ number }) => number} columns={columns} />}
    </ListSheet>
  );
}

/** Since it was due. */
function Delivered({ result: { dueAt, claimedAt, deliveredAt, attempts } }: { result: Result }) {
  const { history: words } = useErrandsWords();
  const measures = useMeasures();
  const since = (at: number) => `+${measures.duration(at - dueAt)}`;
  return (
    <>
      {since(deliveredAt)}
      {claimedAt !== null && <span className="label">{words.claimed(since(claimedAt))}</span>}
      {attempts > 1 && <span className="label">{words.attempts(attempts)}</span>}
    </>
  );
}

function Answer({ result: { outcome, withdraws, reason: why, status, bytes } }: { result: Result }) {
  const { history: words, reason } = useErrandsWords();
  const formats = useFormats();
  const measures = useMeasures();
  if (outcome === 'delivered')
    return (
      <>
        {status} <span className="label">{measures.bytes(bytes)}</span>
      </>
    );
  if (withdraws !== null)
    return (
      <>
        {words.withdraws(formats.whole(withdraws))}
        {why !== null && <span className="label">{reason(why)}</span>}
      </>
    );
  return (
    <>
      <span className="badge badge-bad">{words.outcomes[outcome]}</span>
      <span className="label">{why === null ? words.refunded : `${reason(why)} · ${words.refunded}`}</span>
    </>
  );
}
