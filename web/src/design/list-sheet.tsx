/** A sheet with a list: heading, filters, rows page by page, and a text for the empty list. */
import type { ReactNode } from 'react';
import type { Pages } from '../api/use-pages.ts';
import { Loaded } from './loaded.tsx';
import { More } from './pages.tsx';
import { Sheet } from './sheet.tsx';

export function ListSheet<Item>(props: {
  /** Left out where the title of the page says the same. */
  title?: string;
  /** Shown beside the heading. */
  tools?: ReactNode;
  pages: Pages<Item>;
  /** Shown if there are no items. */
  empty: ReactNode;
  className?: string;
  children: (items: readonly Item[]) => ReactNode;
}) {
  const { title, tools, pages, empty, className = '', children } = props;
  return (
    <Sheet className={className} title={title} tools={tools}>
      <Loaded resource={pages.list}>{(items) => (items.length === 0 ? empty : children(items))}</Loaded>
      <div className="sheet-foot">
        <More pages={pages} />
      </div>
    </Sheet>
  );
}
