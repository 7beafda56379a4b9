/** Runs of the pricer, and a run now: first what it would change, then the change. */
import { useState } from 'react';
import type { PricerRun } from '#modules/flights/api/admin/contracts.ts';
import { usePages } from '#web/api/use-pages.ts';
import { Coins } from '#web/design/coins.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { Link } from '#web/routing/navigation.tsx';
import { loadRuns, type Repriced, reprice } from './sources.ts';
import { useFlightsAdminWords } from './words.ts';

export function PricingPage() {
  const pages = usePages(loadRuns);
  return (
    <>
      <Compute onChanged={pages.reload} />
      <Runs pages={pages} />
    </>
  );
}

function Compute({ onChanged }: { onChanged: () => void }) {
  const { pricing: words } = useFlightsAdminWords();
  const formats = useFormats();
  const tell = useToasts();
  const failureText = useFailureText();
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Repriced>();

  const run = async (dryRun: boolean) => {
    setBusy(true);
    try {
      setResult(await reprice(dryRun));
      if (!dryRun) onChanged();
    } catch (failure) {
      tell('bad', failureText(failure));
    } finally {
      setBusy(false);
    }
  };
  const counts = result && ([formats.whole(result.changed), formats.whole(result.prices)] as const);
  return (
    <Sheet title={words.compute} padded>
      <p className="soft">{words.computeHint}</p>
      <div className="form-actions">
        <button type="button" className="button" disabled={busy} onClick={() => run(true)}>
          {words.tryOut}
        </button>
        <button
          type="button"
          className="button button-strong"
          disabled={busy || result === undefined || !result.dryRun || result.changed === 0}
          onClick={() => run(false)}
        >
          {words.change}
        </button>
      </div>
      <div role="status" aria-busy={busy}>
        {result !== undefined && counts !== undefined && (
          <p className="note">{result.dryRun ? words.wouldChange(...counts) : words.hasChanged(...counts)}</p>
        )}
      </div>
      {result !== undefined && result.biggest.length > 0 && <Biggest result={result} />}
    </Sheet>
  );
}

function Biggest({ result: { biggest } }: { result: Repriced }) {
  const { pricing: words } = useFlightsAdminWords();
  const formats = useFormats();
  const columns: readonly Column<Repriced['biggest'][number]>[] = [
    {
      head: words.flight,
      kind: 'name',
      cell: ({ flightId, cabin }) => (
        <Link href={`/flights/flight/${flightId}?cabin=${cabin}`}>
          {flightId}, {cabin}
        </Link>
      ),
    },
    { head: words.before, kind: 'figure', cell: ({ before }) => <Coins amount={before} /> },
    { head: words.after, kind: 'figure', cell: ({ price }) => <Coins amount={price} /> },
    { head: words.move, kind: 'change', cell: ({ before, price }) => formats.change(Math.round((price / before - 1) * 10_000)) },
  ];
  return (
    <>
      <h3>{words.biggest}</h3>
      <Ledger rows={biggest} keyOf={({ flightId, cabin }) => `${flightId} ${cabin}`} columns={columns} />
    </>
  );
}

function Runs({ pages }: { pages: ReturnType<typeof usePages<PricerRun, string>> }) {
  const { pricing: words } = useFlightsAdminWords();
  const formats = useFormats();
  const columns: readonly Column<PricerRun>[] = [
    {
      head: words.started,
      kind: 'name',
      cell: ({ startedAt, asOf }) => (
        <>
          {formats.moment(startedAt)}
          <span className="label">{words.asOf(formats.moment(asOf))}</span>
        </>
      ),
    },
    {
      head: words.model,
      cell: ({ model, manifest }) => (
        <>
          {model}
          <span className="label">{words.manifest(manifest.slice(0, 12))}</span>
        </>
      ),
    },
    { head: words.took, kind: 'figure', cell: ({ tookMs }) => words.milliseconds(formats.whole(tookMs)) },
    { head: words.events, kind: 'figure', cell: ({ events }) => formats.whole(events) },
    { head: words.prices, kind: 'figure', cell: ({ prices }) => formats.whole(prices) },
    { head: words.changed, kind: 'figure', cell: ({ changed }) => formats.whole(changed) },
  ];
  return (
    <ListSheet title={words.runs} pages={pages} empty={<Empty title={words.empty} hint={words.emptyHint} />}>
      {(runs) => <Ledger rows={runs} keyOf={({ id }) => id} columns={columns} />}
    </ListSheet>
  );
}
