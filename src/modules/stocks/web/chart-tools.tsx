/** What is drawn in a company's chart: chosen beside it, and kept in the address. */
import { useEffect, useState } from 'react';
import { Choice } from '#web/design/choice.tsx';
import { Icon } from '#web/design/marks.tsx';
import { useLanguage } from '#web/language/language.ts';
import { replaceQuery, useQuery } from '#web/routing/navigation.tsx';
import { useQueryChoice } from '#web/routing/query-choice.ts';
import { type SpanName, spanNames } from './bars.ts';
import { companyName } from './figures.tsx';
import { type IndicatorName, indicatorNames } from './indicators.ts';
import { currentSummaries, useCompanyCodes } from './sources.ts';
import { useStocksWords } from './words.ts';

export interface ChartChoices {
  readonly span: SpanName;
  readonly setSpan: (span: SpanName) => void;
  readonly indicators: readonly IndicatorName[];
  /** The code of the company that this one is compared with. */
  readonly other: string | undefined;
}

export function useChartChoices(company: string): ChartChoices {
  const query = useQuery();
  const codes = useCompanyCodes();
  const [span, setSpan] = useQueryChoice('span', spanNames, '5m');
  const lines = query.get('lines')?.split(',') ?? [];
  const wanted = query.get('with');
  const other = wanted !== null && wanted !== company && codes.includes(wanted) ? wanted : undefined;
  return {
    span,
    setSpan,
    // They are prices; a comparison is in percent.
    indicators: other === undefined ? indicatorNames.filter((name) => lines.includes(name)) : [],
    other,
  };
}

export function ChartTools({ company, choices: { span, setSpan, indicators, other } }: { company: string; choices: ChartChoices }) {
  const { company: words } = useStocksWords();
  const toggle = (name: IndicatorName) => {
    const chosen = indicatorNames.filter((one) => indicators.includes(one) !== (one === name));
    replaceQuery({ lines: chosen.join() });
  };
  return (
    <div className="chart-tools">
      <fieldset className="chart-lines" title={words.indicatorsHint}>
        <legend className="out-of-sight">{words.indicators}</legend>
        {indicatorNames.map((name) => (
          <label key={name} className={`chart-line chart-line-${name}`}>
            <input type="checkbox" checked={indicators.includes(name)} disabled={other !== undefined} onChange={() => toggle(name)} />
            {words.lines[name]}
          </label>
        ))}
      </fieldset>
      <Comparison company={company} other={other} />
      <Choice
        legend={words.span}
        chosen={span}
        options={spanNames.map((name) => ({ value: name, text: words.spans[name] }))}
        onChoose={setSpan}
      />
      <FullScreen />
    </div>
  );
}

function Comparison({ company, other }: { company: string; other: string | undefined }) {
  const { company: words } = useStocksWords();
  const codes = useCompanyCodes();
  const language = useLanguage();
  const names = new Map(currentSummaries().map((summary) => [summary.company, companyName(summary, language)]));
  return (
    <label className={other === undefined ? 'chart-with' : 'chart-with chart-line chart-line-other'}>
      <span className="label">{words.compareWith}</span>
      <select className="field" value={other ?? ''} onChange={(event) => replaceQuery({ with: event.target.value })}>
        <option value="">{words.nothing}</option>
        {codes
          .filter((code) => code !== company)
          .map((code) => (
            <option key={code} value={code}>
              {names.get(code) ?? code}
            </option>
          ))}
      </select>
    </label>
  );
}

/** Not on devices that show only videos on the full screen. */
function FullScreen() {
  const { company: words } = useStocksWords();
  const [isWide, setWide] = useState(false);
  useEffect(() => {
    const look = () => setWide(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', look);
    return () => document.removeEventListener('fullscreenchange', look);
  }, []);
  if (!document.fullscreenEnabled) return null;
  const text = isWide ? words.narrow : words.wide;
  return (
    <button
      type="button"
      className="button"
      aria-label={text}
      title={text}
      onClick={({ currentTarget }) => void (isWide ? document.exitFullscreen() : currentTarget.closest('section')?.requestFullscreen())}
    >
      <Icon name={isWide ? 'close' : 'widen'} />
    </button>
  );
}
