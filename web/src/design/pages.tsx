/** Paging: buttons for numbered pages, and a button that loads more of a list. */
import type { Pages as ListPages } from '../api/use-pages.ts';
import { useWords } from '../language/language.ts';
import { Icon } from './marks.tsx';

export function Pages({ page, of, onPage }: { page: number; of: number; onPage: (page: number) => void }) {
  const { house } = useWords();
  if (of <= 1) return null;
  return (
    <nav className="pages" aria-label={house.pages}>
      <button type="button" className="button" disabled={page <= 1} onClick={() => onPage(page - 1)} aria-label={house.previousPage}>
        <Icon name="back" />
      </button>
      <span>{house.pageOf(String(page), String(of))}</span>
      <button type="button" className="button" disabled={page >= of} onClick={() => onPage(page + 1)} aria-label={house.nextPage}>
        <Icon name="forward" />
      </button>
    </nav>
  );
}

export function More({ pages: { more, loadingMore } }: { pages: Pick<ListPages<unknown>, 'more' | 'loadingMore'> }) {
  const { house } = useWords();
  if (more === undefined && !loadingMore) return null;
  return (
    <div className="form-actions">
      <button type="button" className="button" disabled={loadingMore} onClick={more}>
        {loadingMore ? house.loading : house.more}
      </button>
    </div>
  );
}
