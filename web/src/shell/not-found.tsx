/** The page for addresses that are none of ours. */
import { Empty } from '../design/states.tsx';
import { useWords } from '../language/language.ts';
import { Link } from '../routing/navigation.tsx';

export function NotFound({ path }: { path: string }) {
  const { notFound } = useWords();
  return (
    <Empty title={notFound.title} hint={notFound.hint(path)} level={1}>
      <Link className="button button-strong" href="/stocks">
        {notFound.toMarket}
      </Link>
    </Empty>
  );
}
