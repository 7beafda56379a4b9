/** The shop on the overview: how much it sold, and what is popular. */
import { useSoldInDay } from '#modules/stocks/web/face.tsx';
import { usePolled } from '#web/api/use-polled.ts';
import { Coins } from '#web/design/coins.tsx';
import { MarketTile } from '#web/design/market-tile.tsx';
import { useFormats } from '#web/language/language.ts';
import { names } from './names.ts';
import { loadProducts } from './sources.ts';
import { useTileWords } from './tile-words.ts';

const refreshMs = 15_000;
const shown = 3;

export function ShopTile() {
  const words = useTileWords();
  const formats = useFormats();
  const popular = usePolled(loadPopular, refreshMs);
  const sold = useSoldInDay('shop');
  return (
    <MarketTile
      name={names.market}
      path="/shop"
      figure={formats.whole(sold)}
      unit={words.sold}
      rows={
        popular.state === 'ready'
          ? popular.value.products.map(({ id, name, lowestPrice }) => ({
              key: id,
              name,
              value: <Coins amount={lowestPrice} />,
              href: `/shop/products/${id}`,
            }))
          : undefined
      }
      empty={words.none}
      action={{ href: '/shop', text: words.go }}
    />
  );
}

function loadPopular(signal: AbortSignal) {
  return loadProducts({ sort: 'popular', limit: shown, inStock: true }, signal);
}
