/** The books on the overview: the proof of the whole house, and every law. */
import { useFormats } from '#web/language/language.ts';
import type { News } from '../news.ts';
import { toneOf, verdictOf } from '../verdict.ts';
import { useOverviewWords } from '../words.ts';
import { LawList } from './law-list.tsx';
import { Seal } from './seal.tsx';

export function BooksSheet({ news }: { news: News }) {
  const words = useOverviewWords();
  const formats = useFormats();
  const books = news.overview?.books;
  return (
    <section id="books" className={`sheet books books-${toneOf(verdictOf(news))}`} aria-labelledby="books-title">
      <div className="sheet-head">
        <h2 id="books-title">{words.books.title}</h2>
        <Seal news={news} />
      </div>
      {news.without ? <p className="books-note">{words.without}</p> : <LawList news={news} />}
      <p className="books-note label">{words.books.every(formats.whole((books?.auditEveryMs ?? 5_000) / 1_000))}</p>
    </section>
  );
}
