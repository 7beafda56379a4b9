/** Runs that are not done: waiting until they are due, with a miner, or about to be tried again. */
import { useCallback } from 'react';
import { usePolled } from '#web/api/use-polled.ts';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useFormats } from '#web/language/language.ts';
import { loadOpenRuns, type OpenRun, type Order } from '../sources.ts';
import { useErrandsWords } from '../words.ts';

const refreshMs = 1_500;
const shownAhead = 3;

export function OpenRunsSheet({ order: { id, state } }: { order: Order }) {
  const { runs: words } = useErrandsWords();
  const resource = usePolled(
    useCallback((signal: AbortSignal) => loadOpenRuns(id, signal), [id]),
    refreshMs,
  );
  return (
    <Sheet title={words.open} padded>
      <Loaded resource={resource} height="3rem">
        {(runs) =>
          runs.length === 0 ? (
            <p className="soft">{state === 'active' ? words.noneYet : words.none}</p>
          ) : (
            <ul className="errands-runs">
              {shownOf(runs).map((run) => (
                <Run key={`${run.generation}/${run.slot}/${run.copy}`} run={run} />
              ))}
              {runs.length > shownOf(runs).length && <li className="soft">{words.more(runs.length - shownOf(runs).length)}</li>}
            </ul>
          )
        }
      </Loaded>
    </Sheet>
  );
}

/** All that are due, and the first of those to come. */
function shownOf(runs: readonly OpenRun[]): readonly OpenRun[] {
  const due = runs.filter(({ state }) => state !== 'ahead');
  return [...due, ...runs.filter(({ state }) => state === 'ahead').slice(0, shownAhead)];
}

function Run({ run: { state, dueAt, attempts, failure } }: { run: OpenRun }) {
  const { runs: words, reason } = useErrandsWords();
  const formats = useFormats();
  const shown = state === 'waiting' && attempts > 0 ? 'again' : state;
  return (
    <li>
      <span className={shown === 'claimed' ? 'badge badge-good' : shown === 'again' ? 'badge badge-warning' : 'badge'}>
        {words.states[shown]}
      </span>
      <span>{words.due(formats.time(dueAt))}</span>
      {attempts > 0 && <span className="soft">{words.attempt(attempts)}</span>}
      {failure !== null && <span className="soft">{reason(failure)}</span>}
    </li>
  );
}
