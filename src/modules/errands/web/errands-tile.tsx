/** Errands on the overview: how many results arrive, what waits, and how fast it is. */
import { usePolled } from '#web/api/use-polled.ts';
import { MarketTile } from '#web/design/market-tile.tsx';
import { useFormats } from '#web/language/language.ts';
import { useMeasures } from './measures.ts';
import { names } from './names.ts';
import { loadMarket } from './sources.ts';
import { useTileWords } from './tile-words.ts';

const refreshMs = 2_000;

export function ErrandsTile() {
  const words = useTileWords();
  const formats = useFormats();
  const measures = useMeasures();
  const market = usePolled(loadMarket, refreshMs);
  const value = market.state === 'ready' ? market.value : undefined;
  return (
    <MarketTile
      name={names.market}
      path="/errands"
      figure={formats.compact(value?.delivered ?? null)}
      unit={words.delivered}
      rows={
        value && [
          { key: 'orders', name: words.orders, value: formats.compact(value.orders) },
          { key: 'waiting', name: words.waiting, value: formats.compact(value.waiting) },
          { key: 'latency', name: words.latency, value: measures.duration(value.p50) },
        ]
      }
      empty=""
      action={{ href: '/errands', text: words.go }}
    />
  );
}
