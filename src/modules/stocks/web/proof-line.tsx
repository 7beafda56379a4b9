/** The proof line at the foot of every page: published = counted + open + under way, and what the auditor says of it. */
import { useState } from 'react';
import type { Proof } from '#modules/stocks/api/schemas.ts';
import { Dialog } from '#web/design/dialog.tsx';
import { Icon } from '#web/design/marks.tsx';
import type { Formats } from '#web/language/formats.ts';
import { useFormats } from '#web/language/language.ts';
import { useConnection } from '#web/live/live.ts';
import type { StocksWords } from './english.ts';
import { type Verdict, verdictOf } from './proof-words.ts';
import { useNow, useProof } from './sources.ts';
import { useStocksWords } from './words.ts';

export function ProofLine({ here }: { here: boolean }) {
  const words = useStocksWords();
  const formats = useFormats();
  const proof = useProof();
  const connection = useConnection();
  const now = useNow();
  const [asked, setAsked] = useState(false);
  const verdict = proof === undefined ? 'unchecked' : verdictOf(proof, now);
  const stale = connection.state !== 'live';
  return (
    <aside className={`proof proof-${verdict} ${here ? '' : 'proof-away'}`} data-stale={stale || undefined} aria-label={words.proof.title}>
      <div className="proof-sum">
        <Term name={words.proof.published} value={formats.whole(proof?.published ?? null)} total />
        <span className="proof-sign">=</span>
        <Term name={words.proof.counted} value={formats.whole(proof?.counted ?? null)} />
        <span className="proof-sign">+</span>
        <Term name={words.proof.open} value={formats.whole(proof?.open ?? null)} small />
        <span className="proof-sign">+</span>
        <Term name={words.proof.underWay} value={formats.whole(proof?.lag ?? null)} small />
      </div>
      <Term name={words.proof.rate} value={formats.whole(proof?.tradesPerSecond ?? null)} rate />
      <button type="button" className="proof-verdict" onClick={() => setAsked(true)} aria-haspopup="dialog">
        <span className="proof-seal">
          <Icon name={verdict === 'holds' ? 'check' : 'alarm'} />
        </span>
        <span>
          <span className="proof-says">{verdictText(verdict, proof, words)}</span>
          <span className="proof-checked label">
            {words.proof.checked} {agoText(proof?.checkedAt ?? null, now, words, formats)}
          </span>
        </span>
      </button>
      {verdict === 'broken' && (
        <p className="out-of-sight" role="alert">
          {verdictText(verdict, proof, words)}
        </p>
      )}
      {asked && <ProofDialog proof={proof} verdict={verdict} onClose={() => setAsked(false)} />}
    </aside>
  );
}

function Term(props: { name: string; value: string; total?: boolean; small?: boolean; rate?: boolean }) {
  const kinds = ['proof-term', props.total && 'proof-total', props.small && 'proof-small', props.rate && 'proof-rate'];
  return (
    <span className={kinds.filter(Boolean).join(' ')}>
      <span className="label">{props.name}</span>
      <span className="proof-value">{props.value}</span>
    </span>
  );
}

function ProofDialog({ proof, verdict, onClose }: { proof: Proof | undefined; verdict: Verdict; onClose: () => void }) {
  const { proof: words, ...rest } = useStocksWords();
  const formats = useFormats();
  const lines: readonly (readonly [string, number | null | undefined])[] = [
    [words.counted, proof?.counted],
    [words.open, proof?.open],
    [words.underWay, proof?.lag],
  ];
  return (
    <Dialog title={words.details} onClose={onClose}>
      <dl className="account">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formats.whole(value ?? null)}</dd>
          </div>
        ))}
        <div className="account-total">
          <dt>{words.published}</dt>
          <dd>{formats.whole(proof?.published ?? null)}</dd>
        </div>
      </dl>
      {proof?.published === null && <p className="soft">{words.publishedUnknown}</p>}
      <p>{words.explanation}</p>
      <p>{words.audit}</p>
      <p>
        <span className={verdict === 'holds' ? 'badge badge-good' : verdict === 'broken' ? 'badge badge-bad' : 'badge badge-warning'}>
          {verdictText(verdict, proof, { proof: words, ...rest })}
        </span>{' '}
        {proof?.checkedAt != null && <span className="label">{formats.moment(proof.checkedAt)}</span>}
      </p>
      {proof !== undefined && proof.violations.length > 0 && (
        <section>
          <h3>{words.violations}</h3>
          <ul className="violations">
            {proof.violations.map((violation) => (
              <li key={violation}>{violation}</li>
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}

function verdictText(verdict: Verdict, proof: Proof | undefined, { proof: words }: StocksWords): string {
  if (proof === undefined) return words.waiting;
  switch (verdict) {
    case 'holds':
      return words.holds;
    case 'overdue':
      return words.overdue;
    case 'unchecked':
      return words.unchecked;
    case 'impossible':
      return words.impossible;
    case 'broken':
      return words.broken;
  }
}

function agoText(at: number | null, now: number, { proof: words }: StocksWords, formats: Formats): string {
  if (at === null) return words.notYet;
  const seconds = Math.max(0, Math.round((now - at) / 1_000));
  return seconds < 120 ? words.secondsAgo(formats.whole(seconds)) : words.minutesAgo(formats.whole(Math.round(seconds / 60)));
}
