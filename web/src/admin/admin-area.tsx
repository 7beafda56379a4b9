/** The pages for admins: a menu of the overview and of the admin pages of all areas, and the chosen page. */
import './admin.css';
import type { ComponentType } from 'react';
import type { AdminPageProps, Area, AreaProps, Name } from '../area.ts';
import { Waiting } from '../design/loaded.tsx';
import { Part } from '../design/part.tsx';
import { english } from '../language/english.ts';
import { german } from '../language/german.ts';
import { useLanguage, useWords } from '../language/language.ts';
import { Link } from '../routing/navigation.tsx';
import { usePageTitle } from '../routing/page-title.ts';
import { ForMembers } from '../session/for-members.tsx';
import { NotFound } from '../shell/not-found.tsx';
import { overviewOf } from './overview.tsx';

/** The area with the overview, and with these pages in this order. */
export function adminPagesOf(areas: readonly Area[]): ComponentType<AreaProps> {
  const overview: Entry = {
    page: undefined,
    name: { en: english.adminOverview.title, de: german.adminOverview.title },
    Page: overviewOf(areas.flatMap(({ adminOverview = [] }) => adminOverview)),
  };
  const pages = areas
    .flatMap(({ admin = [] }) => admin)
    .flatMap(({ names, Page }) => Object.entries(names).map(([page, name]) => ({ page, name, Page })));
  return ({ parts }) => <AdminArea pages={[overview, ...pages]} parts={parts} />;
}

interface Entry {
  /** The part of the path after /admin; undefined for the overview. */
  readonly page: string | undefined;
  readonly name: Name;
  readonly Page: ComponentType<AdminPageProps>;
}

function AdminArea({ pages, parts }: Pick<AreaProps, 'parts'> & { pages: readonly Entry[] }) {
  const { house: words } = useWords();
  const language = useLanguage();
  const shown = pages.find(({ page }) => page === parts[1]);
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
                <Link
                  key={page ?? ''}
                  href={page === undefined ? '/admin' : `/admin/${page}`}
                  aria-current={page === shown.page ? 'page' : undefined}
                >
                  {name[language]}
                </Link>
              ))}
            </nav>
          </div>
          <Part placeholder={<Waiting height="24rem" />}>
            <shown.Page page={shown.page ?? ''} id={parts[2]} />
          </Part>
        </div>
      )}
    </ForMembers>
  );
}
