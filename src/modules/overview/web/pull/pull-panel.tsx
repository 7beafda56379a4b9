/** The pull under way, or the last one: a clock, the steps of the recovery, and the verdict of the audit after it. */
import './pull.css';
import type { Pull, PullChoices } from '#modules/overview/api/schemas.ts';
import { Icon } from '#web/design/marks.tsx';
import { useFormats } from '#web/language/language.ts';
import { houseTime } from '../house-clock.ts';
import type { News } from '../news.ts';
import { Said } from '../said.tsx';
import { useClock } from '../use-clock.ts';
import { useOverviewWords } from '../words.ts';
import { elapsedMs, type Step, stepsOf } from './progress.ts';

const clockEveryMs = 100;

/** `choices` is undefined until it is known what the visitor may do. */
export function PullPanel({ news, pull, choices }: { news: News; pull: Pull | undefined; choices: PullChoices | undefined }) {
  const { pull: words } = useOverviewWords();
  return (
    <section id="pull" className="sheet pull" aria-labelledby="pull-title">
      <div className="sheet-head">
        <h2 id="pull-title">{pull === undefined ? words.title : words.pulled(pull.target)}</h2>
        {choices?.why != null && <span className="label">{words.why[choices.why]}</span>}
      </div>
      <div className="pull-body">
        <Clock news={news} pull={pull} />
        <ol className="pull-steps">
          {stepsOf(pull).map((step) => (
            <StepShown key={step.name} step={step} />
          ))}
        </ol>
      </div>
      <div className="pull-verdict">{pull === undefined ? <Intro choices={choices} /> : <Outcome pull={pull} />}</div>
    </section>
  );
}

function Clock({ news, pull }: { news: News; pull: Pull | undefined }) {
  const { pull: words } = useOverviewWords();
  const seconds = useSeconds();
  const now = useClock(pull?.state === 'running' ? clockEveryMs : undefined);
  return (
    <p className={pull === undefined ? 'pull-clock pull-clock-idle' : 'pull-clock'}>
      <b>{seconds(elapsedMs(pull, houseTime(news, now)) ?? 0)}</b>
      <span className="label">{pull?.state === 'running' ? words.counting : words.wait}</span>
    </p>
  );
}

function StepShown({ step: { name, state, ms } }: { step: Step }) {
  const { pull: words } = useOverviewWords();
  const seconds = useSeconds();
  return (
    <li className={`pull-step pull-step-${state}`} aria-current={state === 'under-way' ? 'step' : undefined}>
      <span className="pull-dot">{state === 'done' && <Icon name="check" />}</span>
      <b>{words.stages[name]}</b>
      <span className="pull-time">{state === 'unneeded' ? words.noTakeOver : ms === null ? '–' : words.seconds(seconds(ms))}</span>
      <span className="label">{words.stageHints[name]}</span>
    </li>
  );
}

function Intro({ choices }: { choices: PullChoices | undefined }) {
  const { pull: words } = useOverviewWords();
  return <p className="soft">{choices?.mayPull ? words.hint : words.hintClosed}</p>;
}

function Outcome({ pull }: { pull: Pull }) {
  const { pull: words } = useOverviewWords();
  const formats = useFormats();
  const seconds = useSeconds();
  const verdict = useVerdictText()(pull);
  if (pull.state === 'failed') {
    return (
      <p className="pull-bad" role="status">
        <b>{words.failed}</b> {pull.why !== null && <Said>{pull.why}</Said>}
      </p>
    );
  }
  if (pull.verdict === null) return <p className="soft">{pull.recoveredMs === null ? words.will[pull.kind] : words.auditing}</p>;
  return (
    <>
      <p className={pull.verdict.holds ? 'pull-good' : 'pull-bad'}>
        <b>{verdict}</b> <span>{words.verdictLaws(formats.whole(pull.verdict.laws), pull.verdict.violations)}</span>
      </p>
      <p className="out-of-sight" role="status">
        {words.announce(pull.target, seconds(pull.auditedMs), verdict)}
      </p>
    </>
  );
}

/** `0 lost, 0 doubled`, when every law held after the recovery. */
export function useVerdictText(): (pull: Pull) => string {
  const { pull: words } = useOverviewWords();
  return ({ state, verdict }) => {
    if (state === 'running') return words.running;
    if (verdict === null) return words.failed;
    if (verdict.holds === null) return words.verdictUnknown;
    return verdict.holds ? words.verdictGood : words.verdictBad(verdict.violations);
  };
}

/** Milliseconds as seconds with one decimal. */
export function useSeconds(): (ms: number | null) => string {
  const formats = useFormats();
  return (ms) => formats.tenths(ms === null ? null : ms / 1_000);
}
