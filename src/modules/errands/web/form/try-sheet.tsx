/** A test fetch of the order as it is typed: the page, what is found in it, and the next ten times. It costs nothing. */
import { useState } from 'react';
import { Sheet } from '#web/design/sheet.tsx';
import { useFormats, useWords } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { useMeasures } from '../measures.ts';
import { ScrolledText } from '../scrolled-text.tsx';
import { type OrderInput, type Preview, tryOrder } from '../sources.ts';
import { useErrandsWords } from '../words.ts';

type Tried = { readonly state: 'none' } | { readonly state: 'busy' } | { readonly state: 'failed'; readonly why: unknown } | TriedWell;
interface TriedWell {
  readonly state: 'done';
  readonly preview: Preview;
  readonly of: string;
}

export function TrySheet({ input, member }: { input: OrderInput; member: boolean }) {
  const { preview: words } = useErrandsWords();
  const { house } = useWords();
  const failureText = useFailureText();
  const [tried, setTried] = useState<Tried>({ state: 'none' });
  const asked = JSON.stringify(input);
  const run = async () => {
    setTried({ state: 'busy' });
    try {
      setTried({ state: 'done', preview: await tryOrder(input), of: asked });
    } catch (why) {
      setTried({ state: 'failed', why });
    }
  };
  return (
    <Sheet title={words.title} padded>
      <p className="soft">{words.hint}</p>
      <div className="form-actions">
        <button type="button" className="button" disabled={!member || input.address === 'https://' || tried.state === 'busy'} onClick={run}>
          {tried.state === 'busy' ? house.loading : words.run}
        </button>
        {!member && <span className="form-hint">{words.membersOnly}</span>}
      </div>
      <div aria-live="polite" className="errands-tried">
        {tried.state === 'failed' && <p className="note note-bad">{failureText(tried.why)}</p>}
        {tried.state === 'done' && (
          <>
            {tried.of !== asked && <p className="note note-look">{words.changed}</p>}
            <Shown preview={tried.preview} />
          </>
        )}
      </div>
    </Sheet>
  );
}

function Shown({ preview: { page, failure, text, found, nextTimes } }: { preview: Preview }) {
  const { preview: words, reason } = useErrandsWords();
  const formats = useFormats();
  const measures = useMeasures();
  return (
    <>
      {failure !== null && <p className="note note-bad">{words.failed(reason(failure))}</p>}
      {page !== null && <p>{words.fetched(page.status, measures.bytes(page.bytes), measures.duration(page.totalMs))}</p>}
      {found !== null && (
        <>
          <h3>{words.found}</h3>
          {found.value === null ? (
            <p className="note note-look">{found.problem === null ? words.nothingFound : reason(found.problem)}</p>
          ) : (
            <p className="errands-found">{found.value}</p>
          )}
        </>
      )}
      {text !== null && (
        <>
          <h3>{words.text}</h3>
          <ScrolledText label={words.text} text={text} />
        </>
      )}
      <h3>{words.times}</h3>
      {nextTimes.length === 0 ? (
        <p className="soft">{words.noTimes}</p>
      ) : (
        <ol className="errands-times">
          {nextTimes.map((at) => (
            <li key={at}>{formats.moment(at)}</li>
          ))}
        </ol>
      )}
    </>
  );
}
