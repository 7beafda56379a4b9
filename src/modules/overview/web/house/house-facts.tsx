/** The house in three figures, and its parts below. */
import type { ReactNode } from 'react';
import { useFormats } from '#web/language/language.ts';
import { CheckedText } from '../books/seal.tsx';
import type { News } from '../news.ts';
import { useOverviewWords } from '../words.ts';

export function HouseFacts({ news, children }: { news: News; children: ReactNode }) {
  const { house: words } = useOverviewWords();
  const formats = useFormats();
  const overview = news.overview;
  const facts = [
    [words.processes, formats.whole(overview?.processes ?? null)],
    [words.roles, overview === undefined ? '–' : words.of(formats.whole(overview.rolesReady), formats.whole(overview.roles))],
    [words.version, overview?.version ?? '–'],
  ] as const;
  return (
    <section id="house" className="sheet house" aria-labelledby="house-title">
      <div className="sheet-head">
        <h2 id="house-title">{words.title}</h2>
        <span className="label">{news.lost ? <CheckedText news={news} /> : overview !== undefined && words.forms[overview.form]}</span>
      </div>
      <dl className="house-facts">
        {facts.map(([name, figure]) => (
          <div key={name}>
            <dt className="label">{name}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
      {children}
    </section>
  );
}
