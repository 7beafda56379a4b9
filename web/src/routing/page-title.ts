/** The title of a page that is loaded later than the shell. */
import { useEffect } from 'react';
import { useWords } from '../language/language.ts';

export function usePageTitle(title: string): void {
  const { house } = useWords();
  useEffect(() => {
    document.title = `${title} · ${house.name}`;
  }, [title, house]);
}
