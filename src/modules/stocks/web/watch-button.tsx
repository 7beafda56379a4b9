/** The star that puts a company on the watch list and takes it off. */
import { Icon } from '#web/design/marks.tsx';
import type { WatchList } from './watch-list.ts';
import { useStocksWords } from './words.ts';

export function WatchButton({ list, code }: { list: WatchList | undefined; code: string }) {
  const { market } = useStocksWords();
  if (list === undefined) return null;
  return (
    <button
      type="button"
      className="watch-button"
      aria-pressed={list.codes.has(code)}
      aria-label={market.watch(code)}
      title={market.watch(code)}
      onClick={() => void list.toggle(code)}
    >
      <Icon name="star" />
    </button>
  );
}
