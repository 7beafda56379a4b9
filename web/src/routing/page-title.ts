/** Sets the title of the page. */
import { useEffect } from 'react';
import { useWords } from '../language/language.ts';

export function usePageTitle(title: string): void {
  const { house } = useWords();
  useEffect(() => {
    document.title = `${title} · ${house.name}`;
  }, [title, house]);
}
