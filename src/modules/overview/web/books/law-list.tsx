/** Every law with its verdict, what was checked, and when. */
import type { LawSeen } from '#modules/overview/api/schemas.ts';
import { Icon } from '#web/design/marks.tsx';
import { Placeholder } from '#web/design/states.tsx';
import { useFormats, useLanguage } from '#web/language/language.ts';
import type { News } from '../news.ts';
import { Said } from '../said.tsx';
import { useOverviewWords } from '../words.ts';
import { CheckedText } from './seal.tsx';

/** So many laws are expected before the first answer. */
const expectedLaws = Array.from({ length: 13 }, (_, place) => place);

export function LawList({ news }: { news: News }) {
  const laws = news.overview?.books.laws;
  if (laws === undefined) {
    return (
      <ul className="laws" aria-busy="true">
        {expectedLaws.map((place) => (
          <li key={place} className="law">
            <Placeholder width="1.25rem" height="1.25rem" />
            <Placeholder width="100%" height="3rem" />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ul className="laws">
      {laws.map((law) => (
        <Law key={law.id} law={law} news={news} />
      ))}
    </ul>
  );
}

function Law({ law, news }: { law: LawSeen; news: News }) {
  const { books: words } = useOverviewWords();
  const formats = useFormats();
  const translated = words.laws[law.id];
  const english = useLanguage() === 'en' ? undefined : 'en';
  return (
    <li className={`law ${news.lost ? 'law-lost' : law.holds ? 'law-holds' : law.holds === null ? 'law-unchecked' : 'law-broken'}`}>
      <span className="law-mark">
        <Icon name={law.holds && !news.lost ? 'check' : 'alarm'} />
      </span>
      <div>
        <p>
          <b>{law.id}</b>{' '}
          <span className="law-verdict">
            {law.holds ? words.lawHolds : law.holds === null ? words.lawUnchecked : words.lawBroken(law.violations)}
          </span>
        </p>
        <p className="law-says" lang={translated === undefined ? english : undefined}>
          {translated ?? law.says}
        </p>
        <p className="label">
          <Said>{law.checked}</Said> · <CheckedText news={news} at={law.checkedAt} /> {words.took(formats.whole(law.tookMs))}
        </p>
      </div>
    </li>
  );
}
