/** What the pages of other modules may show of the stocks: the sum of the tape, and what a market sold on it. */
import { useFormats } from '#web/language/language.ts';
import { useConnection } from '#web/live/live.ts';
import { currentSummaries, useCompanyCodes, useProof } from './sources.ts';
import { useTileWords } from './tile-words.ts';
import { useNowAndThen } from './use-now-and-then.ts';

const countedEveryMs = 2_000;

/** What a module sold in 24 hours: every sale is a trade of an instrument such as SHOP.TEA. */
export function useSoldInDay(module: string): number {
  const beginning = `${module.toUpperCase()}.`;
  return useNowAndThen(countedEveryMs, useCompanyCodes(), () =>
    currentSummaries()
      .filter(({ company }) => company.startsWith(beginning))
      .reduce((sum, { dayVolume }) => sum + dayVolume, 0),
  );
}

/** Published = counted + open + under way, and how many trades come in: of a house that does not answer, no rate is true. */
export function TapeSum({ lost }: { lost: boolean }) {
  const silent = useConnection().state === 'reconnecting' || lost;
  const words = useTileWords();
  const formats = useFormats();
  const proof = useProof();
  return (
    <>
      <div className="proof-sum">
        <Term name={words.published} value={formats.whole(proof?.published ?? null)} kind="proof-total" />
        <span className="proof-sign">=</span>
        <Term name={words.counted} value={formats.whole(proof?.counted ?? null)} />
        <span className="proof-sign">+</span>
        <Term name={words.open} value={formats.whole(proof?.open ?? null)} kind="proof-small" />
        <span className="proof-sign">+</span>
        <Term name={words.underWay} value={formats.whole(proof?.lag ?? null)} kind="proof-small" />
      </div>
      <Term name={words.perSecond} value={formats.whole(silent ? null : (proof?.tradesPerSecond ?? null))} kind="proof-rate" />
    </>
  );
}

function Term({ name, value, kind = '' }: { name: string; value: string; kind?: string }) {
  return (
    <span className={`proof-term ${kind}`}>
      <span className="label">{name}</span>
      <span className="proof-value">{value}</span>
    </span>
  );
}

/** The same sum as in a ledger, with what it proves. */
export function TapeAccount() {
  const words = useTileWords();
  const formats = useFormats();
  const proof = useProof();
  const lines = [
    [words.counted, proof?.counted],
    [words.open, proof?.open],
    [words.underWay, proof?.lag],
  ] as const;
  return (
    <>
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
    </>
  );
}
