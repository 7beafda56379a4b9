/** Errands on the admin's overview: what waits, and who fetches. */
import { usePolled } from '#web/api/use-polled.ts';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useFormats } from '#web/language/language.ts';
import { useMeasures } from './measures.ts';
import { loadMarket } from './sources.ts';
import { useErrandsWords } from './words.ts';

const refreshMs = 15_000;

export function ErrandsFigures() {
  const { market: words } = useErrandsWords();
  const formats = useFormats();
  const measures = useMeasures();
  const market = usePolled(loadMarket, refreshMs);
  return (
    <Loaded resource={market} height="12rem">
      {({ orders, waiting, miners, p50 }) => (
        <Sheet title={words.title} padded>
          <dl className="account">
            {[
              [words.orders, formats.compact(orders)],
              [words.waiting, formats.compact(waiting)],
              [words.miners, formats.compact(miners)],
              [words.latency, measures.duration(p50)],
            ].map(([name, figure]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{figure}</dd>
              </div>
            ))}
          </dl>
        </Sheet>
      )}
    </Loaded>
  );
}
