/** Earning coins: how to run a miner, and what one's machines have earned and what was refused, and why. */
import { usePolled } from '#web/api/use-polled.ts';
import { Coins } from '#web/design/coins.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { FillMeter } from '#web/design/meters.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Empty } from '#web/design/states.tsx';
import { useName } from '#web/language/area-words.ts';
import { useFormats } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { ForMembers } from '#web/session/for-members.tsx';
import { Command } from '../command.tsx';
import { ErrandsHead } from '../errands-head.tsx';
import { names } from '../names.ts';
import { loadMiner, type Miner } from '../sources.ts';
import { TokenButton, useMineFlags } from '../token-button.tsx';
import { useErrandsWords } from '../words.ts';

const refreshMs = 2_500;
/** So many valid answers in a row make a new miner trusted. */
const trustedAfter = 10;

export function MinePage() {
  const { mine: words, market } = useErrandsWords();
  const title = useName(names.mine);
  usePageTitle(title);
  return (
    <div className="page">
      <ErrandsHead title={title} back={{ href: '/errands', text: market.back }} />
      <p className="errands-lead">{words.lead}</p>
      <ForMembers>
        {({ member }) => (
          <>
            <div className="errands-columns">
              <HowSheet />
              <EarningsSheet key={member.id} />
            </div>
          </>
        )}
      </ForMembers>
    </div>
  );
}

function HowSheet() {
  const { mine: words } = useErrandsWords();
  const allow = useMineFlags();
  return (
    <Sheet title={words.how} padded>
      <ol className="errands-recipe">
        <li>
          {words.makeToken} <TokenButton purpose="mine" />
        </li>
        <li>
          {words.run}
          <Command text={`export KONTOR_URL=${window.location.origin}\nexport KONTOR_TOKEN=kontor_pat_…\nkontor mine${allow}`} />
        </li>
        <li>{words.stop}</li>
      </ol>
      <p className="soft">{words.rules}</p>
    </Sheet>
  );
}

function EarningsSheet() {
  const miner = usePolled(loadMiner, refreshMs);
  return (
    <Loaded resource={miner} height="20rem">
      {(value) => (
        <div className="errands-side">
          <Earnings miner={value} />
          <Machines miner={value} />
          <Refusals miner={value} />
        </div>
      )}
    </Loaded>
  );
}

function Earnings({ miner: { state, stateReason, validInRow, answered, audited, refused, earned, pending } }: { miner: Miner }) {
  const { mine: words, reason } = useErrandsWords();
  const formats = useFormats();
  return (
    <Sheet title={words.earnings} padded>
      <dl className="account">
        <div>
          <dt>{words.earned}</dt>
          <dd className="errands-earned">
            <Coins amount={earned} />
          </dd>
        </div>
        <div>
          <dt>{words.pending}</dt>
          <dd>
            <Coins amount={pending} />
          </dd>
        </div>
        <div>
          <dt>{words.answered}</dt>
          <dd>{formats.whole(answered)}</dd>
        </div>
        <div>
          <dt>{words.audited}</dt>
          <dd>{formats.whole(audited)}</dd>
        </div>
        <div>
          <dt>{words.refusedCount}</dt>
          <dd>{formats.whole(refused)}</dd>
        </div>
        <div className="account-total">
          <dt>{words.reputation}</dt>
          <dd>
            <span className={state === 'trusted' ? 'badge badge-good' : state === 'shut-out' ? 'badge badge-bad' : 'badge'}>
              {words.states[state]}
            </span>
          </dd>
        </div>
      </dl>
      {stateReason !== null && <p className="note note-bad">{reason(stateReason)}</p>}
      {state === 'new' && (
        <>
          <p className="soft">{words.newHint(validInRow, trustedAfter)}</p>
          <FillMeter part={validInRow} whole={trustedAfter} />
        </>
      )}
      <p>
        <Link href="/wallet">{words.statement}</Link>
      </p>
    </Sheet>
  );
}

function Machines({ miner: { machines } }: { miner: Miner }) {
  const { mine: words } = useErrandsWords();
  const formats = useFormats();
  const columns: readonly Column<Miner['machines'][number]>[] = [
    {
      head: words.machine,
      kind: 'name',
      cell: ({ name, version }) => (
        <>
          {name}
          <span className="label">{version}</span>
        </>
      ),
    },
    { head: words.atOnce, kind: 'figure', cell: ({ concurrency }) => formats.whole(concurrency) },
    { head: words.pages, kind: 'figure', cell: ({ pages }) => formats.whole(pages) },
    { head: words.failures, kind: 'figure', cell: ({ failures }) => formats.whole(failures) },
    { head: words.seen, kind: 'when', cell: ({ lastAt }) => formats.moment(lastAt) },
  ];
  return (
    <Sheet title={words.machines}>
      {machines.length === 0 ? (
        <Empty title={words.noMachines} hint={words.noMachinesHint} />
      ) : (
        <Ledger rows={machines} keyOf={({ name }) => name} columns={columns} />
      )}
    </Sheet>
  );
}

function Refusals({ miner: { refusals } }: { miner: Miner }) {
  const { mine: words, reason } = useErrandsWords();
  const formats = useFormats();
  if (refusals.length === 0) return null;
  return (
    <Sheet title={words.refusals} padded>
      <ul className="entries">
        {refusals.map(({ at, reason: why }) => (
          <li key={at}>
            <div>
              <p>{reason(why ?? 'refused')}</p>
              <p className="label">{formats.date(at)}</p>
            </div>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
