/** The page for unknown paths. */
import { Empty } from '../design/states.tsx';
import { useWords } from '../language/language.ts';
import { Link } from '../routing/navigation.tsx';
import { usePageTitle } from '../routing/page-title.ts';

export function NotFound({ path }: { path: string }) {
  const { notFound } = useWords();
  usePageTitle(notFound.title);
  return (
    <Empty title={notFound.title} hint={notFound.hint(path)} level={1}>
      <Link className="button button-strong" href="/">
        {notFound.toOverview}
      </Link>
    </Empty>
  );
}
