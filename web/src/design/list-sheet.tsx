/** A list on a sheet: its heading with what narrows it down, its rows page by page, and what stands there when there are none. */
import type { ReactNode } from 'react';
import type { Pages } from '../api/use-pages.ts';
import { Loaded } from './loaded.tsx';
import { More } from './pages.tsx';
import { Sheet } from './sheet.tsx';

export function ListSheet<Item>(props: {
  /** Left out where the page's own title says it. */
  title?: string;
  /** Beside the heading. */
  tools?: ReactNode;
  pages: Pages<Item>;
  /** In place of no items. */
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
