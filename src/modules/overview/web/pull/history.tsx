/** Every pull that is kept, with its figures. */
import { useEffect, useState } from 'react';
import type { Pull } from '#modules/overview/api/schemas.ts';
import { useReloading } from '#web/api/use-resource.ts';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useFormats } from '#web/language/language.ts';
import { loadPulls, pullsFile } from '../sources.ts';
import { useOverviewWords } from '../words.ts';
import { useSeconds, useVerdictText } from './pull-panel.tsx';

const firstShown = 8;

/** `newest` names the newest pull, its state, and whether the house answers: when it changes, the list is loaded again. */
export function PullHistory({ newest }: { newest: string }) {
  const { pull: words } = useOverviewWords();
  const [pulls, reload] = useReloading(loadPulls);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the newest pull loads the list again.
  useEffect(reload, [newest]);
  return (
    <Sheet
      title={words.history}
      className="pull-history"
      tools={
        <a className="button" href={pullsFile} download>
          {words.export}
        </a>
      }
    >
      <Loaded resource={pulls} height="6rem">
        {(all) => (all.length === 0 ? <Empty title={words.noHistory} hint={words.noHistoryHint} /> : <Pulls all={all} />)}
      </Loaded>
    </Sheet>
  );
}

function Pulls({ all }: { all: readonly Pull[] }) {
  const { pull: words } = useOverviewWords();
  const formats = useFormats();
  const seconds = useSeconds();
  const verdictText = useVerdictText();
  const [whole, setWhole] = useState(false);
  const time = (head: string, of: (pull: Pull) => number | null): Column<Pull> => ({
    head,
    kind: 'measure',
    cell: (pull) => {
      const ms = of(pull);
      return ms === null ? '–' : words.seconds(seconds(ms));
    },
  });
  const columns: readonly Column<Pull>[] = [
    {
      head: words.what,
      kind: 'name',
      cell: ({ target, kind }) => (
        <>
          {target} <span className="label">{words.kinds[kind]}</span>
        </>
      ),
    },
    { head: words.when, kind: 'when', cell: ({ askedAt }) => formats.moment(askedAt) },
    time(words.stages.noticed, ({ noticedMs }) => noticedMs),
    time(words.stages.takenOver, ({ takenOverMs }) => takenOverMs),
    time(words.stages.recovered, ({ recoveredMs }) => recoveredMs),
    time(words.stages.audited, ({ auditedMs }) => auditedMs),
    {
      head: words.verdict,
      kind: 'change',
      cell: (pull) => (
        <span className={pull.verdict?.holds ? 'badge badge-good' : pull.state === 'running' ? 'badge' : 'badge badge-bad'}>
          {verdictText(pull)}
        </span>
      ),
    },
  ];
  return (
    <>
      <Ledger rows={whole ? all : all.slice(0, firstShown)} keyOf={({ id }) => id} columns={columns} />
      {!whole && all.length > firstShown && (
        <div className="sheet-foot">
          <button type="button" className="button" onClick={() => setWhole(true)}>
            {words.more(all.length)}
          </button>
        </div>
      )}
    </>
  );
}
