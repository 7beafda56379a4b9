/** Flights on the overview: how often they are looked at, and the prices that this moved most. */
import type { Demand } from '#modules/flights/api/prices/contracts.ts';
import { usePolled } from '#web/api/use-polled.ts';
import { Coins } from '#web/design/coins.tsx';
import { MarketTile } from '#web/design/market-tile.tsx';
import { useFormats } from '#web/language/language.ts';
import { names } from './names.ts';
import { flightAddress } from './search/search-query.ts';
import { loadDemand } from './sources.ts';
import { useTileWords } from './tile-words.ts';

const refreshMs = 5_000;

export function FlightsTile() {
  const words = useTileWords();
  const formats = useFormats();
  const demand = usePolled(loadDemand, refreshMs);
  return (
    <MarketTile
      name={names.market}
      path="/flights"
      figure={formats.whole(demand.state === 'ready' ? demand.value.accessesLastHour : null)}
      unit={words.looks}
      rows={demand.state === 'ready' ? rowsOf(demand.value) : undefined}
      empty={words.none}
      action={{ href: '/flights', text: words.find }}
    />
  );
}

/** Prices that moved; before any did, the routes that are watched. */
function rowsOf({ moves, routes }: Demand) {
  if (moves.length > 0)
    return moves.map((move) => ({
      key: `${move.flightId} ${move.cabin} ${move.at}`,
      name: `${move.from} – ${move.to}`,
      value: <PriceMove before={move.before} price={move.price} />,
      href: flightAddress(move.flightId, { cabin: move.cabin }),
    }));
  return routes.map(({ from, to, lowestPrice }) => ({
    key: `${from} ${to}`,
    name: `${from} – ${to}`,
    value: <Coins amount={lowestPrice} />,
    href: '/flights/demand',
  }));
}

function PriceMove({ before, price }: { before: number; price: number }) {
  const words = useTileWords();
  const formats = useFormats();
  return (
    <>
      <Coins amount={price} />{' '}
      <span className={price > before ? 'change up' : 'change down'} title={words.fromTo(formats.whole(before), formats.whole(price))}>
        <span className={price > before ? 'tick tick-up' : 'tick tick-down'} aria-hidden="true" />
        {formats.change(Math.round((price / before - 1) * 10_000))}
      </span>
    </>
  );
}
