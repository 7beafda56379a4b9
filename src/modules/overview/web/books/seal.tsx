/** The verdict on the whole house as a seal: what it says, and when that was known. */
import { Icon } from '#web/design/marks.tsx';
import { useFormats } from '#web/language/language.ts';
import { houseTime } from '../house-clock.ts';
import type { News } from '../news.ts';
import { useClock } from '../use-clock.ts';
import { toneOf, type Verdict, verdictOf } from '../verdict.ts';
import { useOverviewWords } from '../words.ts';

export function Seal({ news }: { news: News }) {
  const { books: words } = useOverviewWords();
  const formats = useFormats();
  const verdict = verdictOf(news);
  const books = news.overview?.books;
  return (
    <div className={`seal seal-${toneOf(verdict)}`}>
      <SealMark verdict={verdict} />
      <p>
        <span className="seal-says">{words[verdict]}</span>
        <span className="label">
          {books === undefined || verdict === 'lost' ? (
            <CheckedText news={news} />
          ) : (
            <>
              {words.ofLaws(formats.whole(books.holding), formats.whole(books.laws.length))}, <CheckedText news={news} />
            </>
          )}
        </span>
      </p>
    </div>
  );
}

export function SealMark({ verdict }: { verdict: Verdict }) {
  return (
    <span className="seal-mark">
      <Icon name={verdict === 'holds' ? 'check' : 'alarm'} />
    </span>
  );
}

/** `checked 3 s ago`, or when a house that does not answer was last known. */
export function CheckedText({ news, at }: { news: News; at?: number | null }) {
  const words = useOverviewWords();
  const formats = useFormats();
  const now = useClock(1_000);
  if (news.lost) return news.overview === undefined ? words.nothingKnown : words.lastKnown(formats.time(news.knownAt));
  const checkedAt = at === undefined ? (news.overview?.books.checkedAt ?? null) : at;
  if (checkedAt === null) return words.books.checkedAgo(words.books.notYet);
  const seconds = Math.max(0, Math.round((houseTime(news, now) - checkedAt) / 1_000));
  return words.books.checkedAgo(
    seconds < 120 ? words.books.secondsAgo(formats.whole(seconds)) : words.books.minutesAgo(formats.whole(Math.round(seconds / 60))),
  );
}
