/** The admin's overview: the figures of all areas, and a search through all of them. What is looked for is in the address. */
import { type ReactNode, useDeferredValue } from 'react';
import type { AdminOverview } from '../area.ts';
import { FindFilter } from '../design/filters.tsx';
import { Waiting } from '../design/loaded.tsx';
import { Part } from '../design/part.tsx';
import { useWords } from '../language/language.ts';
import { useQuery } from '../routing/navigation.tsx';

export function overviewOf(parts: readonly AdminOverview[]): () => ReactNode {
  return function OverviewPage() {
    const { adminOverview: words } = useWords();
    const search = useDeferredValue((useQuery().get('search') ?? '').trim());
    return (
      <>
        <FindFilter name="search" label={words.search} hint={words.searchHint} className="admin-find" />
        {search === '' ? (
          <div className="admin-overview">
            {parts.map(({ Figures }, index) => (
              <Part key={String(index)} placeholder={<Waiting height="12rem" />}>
                <Figures />
              </Part>
            ))}
          </div>
        ) : (
          parts.map(
            ({ Found }, index) =>
              Found !== undefined && (
                <Part key={String(index)} placeholder={<Waiting height="8rem" />}>
                  <Found search={search} />
                </Part>
              ),
          )
        )}
      </>
    );
  };
}
