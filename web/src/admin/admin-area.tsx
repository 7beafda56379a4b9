/** The pages for admins: a menu of the admin pages of all areas, and the chosen page. */
import './admin.css';
import { type ComponentType, Suspense } from 'react';
import type { AdminPages, AreaProps, Name } from '../area.ts';
import { Waiting } from '../design/loaded.tsx';
import { useLanguage, useWords } from '../language/language.ts';
import { Link } from '../routing/navigation.tsx';
import { usePageTitle } from '../routing/page-title.ts';
import { ForMembers } from '../session/for-members.tsx';
import { NotFound } from '../shell/not-found.tsx';

/** The area with these pages, in this order. The first one is shown at /admin. */
export function adminPagesOf(adminPages: readonly AdminPages[]): ComponentType<AreaProps> {
  const pages = adminPages.flatMap(({ names, Page }) => Object.entries(names).map(([page, name]) => ({ page, name, Page })));
  return ({ parts }) => <AdminArea pages={pages} parts={parts} />;
}

interface Entry {
  readonly page: string;
  readonly name: Name;
  readonly Page: AdminPages['Page'];
}

function AdminArea({ pages, parts }: AreaProps & { pages: readonly Entry[] }) {
  const { house: words } = useWords();
  const language = useLanguage();
  const shown = pages.find(({ page }) => page === (parts[1] ?? pages[0]?.page));
  usePageTitle(shown === undefined ? words.admin : shown.name[language]);
  if (shown === undefined || parts.length > 3) return <NotFound path={`/${parts.join('/')}`} />;
  return (
    <ForMembers admin>
      {() => (
        <div className="page">
          <div className="page-head">
            <h1>{words.admin}</h1>
            <nav className="admin-links" aria-label={words.admin}>
              {pages.map(({ page, name }) => (
                <Link key={page} href={`/admin/${page}`} aria-current={page === shown.page ? 'page' : undefined}>
                  {name[language]}
                </Link>
              ))}
            </nav>
          </div>
          <Suspense fallback={<Waiting height="24rem" />}>
            <shown.Page page={shown.page} id={parts[2]} />
          </Suspense>
        </div>
      )}
    </ForMembers>
  );
}
