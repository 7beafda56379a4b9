/** The proof line at the foot of every page: the sum of the tape, and what the auditor says of the whole house. */
import { useState } from 'react';
import { TapeAccount, TapeSum } from '#modules/stocks/web/face.tsx';
import { Dialog } from '#web/design/dialog.tsx';
import { Link } from '#web/routing/navigation.tsx';
import { LawList } from './books/law-list.tsx';
import { CheckedText, SealMark } from './books/seal.tsx';
import { type News, useNews } from './news.ts';
import { toneOf, verdictOf } from './verdict.ts';
import { useOverviewWords } from './words.ts';

export function ProofLine() {
  const { books: words } = useOverviewWords();
  const news = useNews();
  const [asked, setAsked] = useState(false);
  const verdict = verdictOf(news);
  return (
    <aside className={`proof proof-${verdict}`} data-lost={news.lost || undefined} aria-label={words.proof}>
      <TapeSum lost={news.lost} />
      <button type="button" className={`proof-verdict seal-${toneOf(verdict)}`} onClick={() => setAsked(true)} aria-haspopup="dialog">
        <SealMark verdict={verdict} />
        <span>
          <span className="proof-says">{words[verdict]}</span>
          <span className="proof-checked label">
            <CheckedText news={news} />
          </span>
        </span>
      </button>
      {verdict === 'broken' && (
        <p className="out-of-sight" role="alert">
          {words.broken}
        </p>
      )}
      {asked && <ProofDialog news={news} onClose={() => setAsked(false)} />}
    </aside>
  );
}

function ProofDialog({ news, onClose }: { news: News; onClose: () => void }) {
  const { books: words } = useOverviewWords();
  return (
    <Dialog title={words.details} onClose={onClose}>
      <h3>{words.tape}</h3>
      <TapeAccount />
      <h3>{words.title}</h3>
      {!news.without && <LawList news={news} />}
      <p>
        <Link className="button" href="/" onClick={onClose}>
          {words.all}
        </Link>
      </p>
    </Dialog>
  );
}
