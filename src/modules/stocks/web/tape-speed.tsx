/** The speed of the simulated publishers, behind a small menu: for demonstrations. */
import './tape-speed.css';
import { useCallback, useState } from 'react';
import type { Rate } from '#modules/stocks/api/schemas.ts';
import { useResource } from '#web/api/use-resource.ts';
import { Choice } from '#web/design/choice.tsx';
import { Icon } from '#web/design/marks.tsx';
import { Popover } from '#web/design/popover.tsx';
import { Failed, Placeholder } from '#web/design/states.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { loadRate, saveRate } from './sources.ts';
import { useStocksWords } from './words.ts';

const offered: readonly Rate['tradesPerSecond'][] = [0, 10, 1_000, 100_000, 'max'];

export function TapeSpeed() {
  const { tape } = useStocksWords();
  return (
    <Popover
      name={tape.title}
      button={
        <>
          <Icon name="speed" />
          <span className="band-button-text">{tape.title}</span>
        </>
      }
    >
      <Speeds />
    </Popover>
  );
}

/** Asks for the rate when the menu opens: it may have been changed elsewhere. */
function Speeds() {
  const { tape } = useStocksWords();
  const formats = useFormats();
  const tell = useToasts();
  const failureText = useFailureText();
  const resource = useResource(useCallback((signal: AbortSignal) => loadRate(signal), []));
  const [chosen, setChosen] = useState<Rate['tradesPerSecond']>();
  const current = chosen ?? (resource.state === 'ready' ? resource.value.tradesPerSecond : undefined);

  const rateText = (rate: Rate['tradesPerSecond']): string => {
    if (rate === 'max') return tape.rates.max;
    return rate === 0 ? tape.rates.stopped : tape.perSecond(formats.whole(rate));
  };
  const choose = async (text: string) => {
    const wanted = text === 'max' ? text : Number(text);
    setChosen(wanted);
    try {
      const { tradesPerSecond } = await saveRate({ tradesPerSecond: wanted });
      setChosen(tradesPerSecond);
      tell('good', tape.changed(rateText(tradesPerSecond)));
    } catch (error) {
      setChosen(undefined);
      tell('bad', `${tape.failed}: ${failureText(error)}`);
    }
  };

  if (resource.state === 'failed') return <Failed failure={resource.failure} retry={resource.retry} />;
  return (
    <div className="tape-speed">
      {resource.state === 'loading' ? (
        <Placeholder width="100%" height="3.75rem" />
      ) : (
        <Choice
          legend={tape.title}
          legendShown
          wide
          chosen={current === undefined ? undefined : String(current)}
          options={offered.map((rate) => ({ value: String(rate), text: rate === 'max' ? 'Max' : formats.whole(rate) }))}
          onChoose={choose}
        />
      )}
      <p className="label">{tape.hint}</p>
      <p className="tape-speed-now">{current === undefined ? '' : rateText(current)}</p>
    </div>
  );
}
