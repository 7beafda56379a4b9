/** One result: its text, what changed, and where its time went. */
import { useCallback } from 'react';
import { useResource } from '#web/api/use-resource.ts';
import { Choice } from '#web/design/choice.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useFormats } from '#web/language/language.ts';
import { useQueryChoice } from '#web/routing/query-choice.ts';
import { useMeasures } from '../measures.ts';
import { ScrolledText } from '../scrolled-text.tsx';
import { loadResult, pageFile, type Result, type ShownResult } from '../sources.ts';
import { useErrandsWords } from '../words.ts';
import { Changes } from './changes.tsx';

const views = ['text', 'changes', 'details'] as const;
type View = (typeof views)[number];

export function ResultSheet({ result }: { result: Result }) {
  const { result: words } = useErrandsWords();
  const formats = useFormats();
  const { order, number, dueAt, outcome, changed } = result;
  const first: View = outcome !== 'delivered' ? 'details' : changed && number > 1 ? 'changes' : 'text';
  const [view, setView] = useQueryChoice('view', views, first);
  const resource = useResource(useCallback((signal: AbortSignal) => loadResult(order, number, signal), [order, number]));
  return (
    <Sheet
      className="errands-result"
      title={words.title(formats.whole(number))}
      tools={
        <Choice
          legend={words.view}
          chosen={view}
          options={views.map((value) => ({ value, text: words.views[value] }))}
          onChoose={setView}
        />
      }
      padded
    >
      <p className="label">{words.of(formats.date(dueAt))}</p>
      {view === 'changes' && <Changes orderId={order} number={number} />}
      {view !== 'changes' && (
        <Loaded resource={resource} height="10rem">
          {(shown) => (view === 'text' ? <Text shown={shown} /> : <Details shown={shown} />)}
        </Loaded>
      )}
    </Sheet>
  );
}

function Text({ shown: { order, value, text, textCut, pageOf } }: { shown: ShownResult }) {
  const { result: words } = useErrandsWords();
  return (
    <>
      {value !== null && <p className="errands-found">{value}</p>}
      {text === null || text === '' ? <p className="soft">{words.noText}</p> : <ScrolledText label={words.views.text} text={text} />}
      {textCut && <p className="label">{words.cut}</p>}
      {pageOf !== null && (
        <p>
          <a className="button" href={pageFile(order, pageOf)} download>
            {words.download}
          </a>
        </p>
      )}
    </>
  );
}

function Details({ shown }: { shown: ShownResult }) {
  const { result: words, reason, phases } = useErrandsWords();
  const formats = useFormats();
  const measures = useMeasures();
  const { dueAt, claimedAt, deliveredAt, attempts, outcome, withdraws, miner, status, address, contentType, bytes, sha256, timings } =
    shown;
  const since = (at: number) => `${formats.moment(at)} (+${measures.duration(at - dueAt)})`;
  const lines: readonly (readonly [string, string | null])[] = [
    [words.due, formats.moment(dueAt)],
    [words.claimed, claimedAt === null ? null : since(claimedAt)],
    [words.delivered, since(deliveredAt)],
    [words.withdraws, withdraws === null ? null : formats.whole(withdraws)],
    [words.attempts, attempts === 0 ? null : formats.whole(attempts)],
    [words.miner, outcome === 'failed' || withdraws !== null ? null : (miner ?? words.house)],
    [words.reason, shown.reason === null ? null : reason(shown.reason)],
    [words.status, status === null ? null : String(status)],
    [words.from, address],
    [words.type, contentType],
    [words.size, status === null ? null : measures.bytes(bytes)],
    [words.hash, sha256],
    ...Object.entries(timings).map(([phase, ms]) => [phases[phase] ?? phase, measures.duration(ms)] as const),
  ];
  return (
    <dl className="account errands-details">
      {lines
        .filter(([, text]) => text !== null)
        .map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
    </dl>
  );
}
