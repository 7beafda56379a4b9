/** A company's latest batches, newest first, as they close. */
import { memo } from 'react';
import type { BatchView } from '#modules/stocks/api/schemas.ts';
import { Balance } from '#web/design/meters.tsx';
import { Empty, Placeholder } from '#web/design/states.tsx';
import { useFormats, useWords } from '#web/language/language.ts';
import { useBatches } from './sources.ts';
import { useStocksWords } from './words.ts';

/** Rows keep their places and change what they say: nothing on the page moves when a batch closes. */
const places = Array.from({ length: 20 }, (_, place) => place);

export function BatchTable({ company }: { company: string }) {
  const { company: words } = useStocksWords();
  const { house } = useWords();
  const formats = useFormats();
  const batches = useBatches(company);
  const size = batches?.[0]?.count;
  return (
    <div className="sheet batches">
      <div className="sheet-head">
        <h2 id="batches">{words.latest}</h2>
        {size !== undefined && <span className="label">{words.latestHint(formats.whole(size))}</span>}
      </div>
      {batches === undefined ? (
        <section className="placeholder-sheet" aria-busy="true" aria-label={house.loading}>
          <Placeholder width="100%" height="16rem" />
        </section>
      ) : batches.length === 0 ? (
        <Empty title={words.noBatches} hint={words.noBatchesHint} />
      ) : (
        <Batches batches={batches} />
      )}
    </div>
  );
}

function Batches({ batches }: { batches: readonly BatchView[] }) {
  const { company: words, market } = useStocksWords();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways on narrow screens, which keyboards must be able to do.
    <section className="table-scroll" tabIndex={0} aria-labelledby="batches">
      <table className="batch-table">
        <thead>
          <tr>
            <th scope="col">{words.number}</th>
            <th scope="col">{words.closedAt}</th>
            <th scope="col">
              <abbr title={words.averageLong}>{words.average}</abbr>
            </th>
            <th scope="col">
              <abbr title={words.vwapLong}>{words.vwap}</abbr>
            </th>
            <th scope="col">{words.open}</th>
            <th scope="col">{words.lowHigh}</th>
            <th scope="col">{words.close}</th>
            <th scope="col">{words.volume}</th>
            <th scope="col">{market.balance}</th>
          </tr>
        </thead>
        <tbody>
          {places.map((place) => {
            const batch = batches[place];
            return batch === undefined ? null : <BatchRow key={place} batch={batch} />;
          })}
        </tbody>
      </table>
    </section>
  );
}

const BatchRow = memo(function BatchRow({ batch }: { batch: BatchView }) {
  const formats = useFormats();
  return (
    <tr>
      <th scope="row">{formats.whole(batch.number)}</th>
      <td>{formats.time(batch.lastAt)}</td>
      <td>
        <b>{formats.price(batch.averageCents)}</b>
      </td>
      <td>{formats.price(batch.vwapCents)}</td>
      <td>{formats.price(batch.openCents)}</td>
      <td>
        {formats.price(batch.lowCents)} – {formats.price(batch.highCents)}
      </td>
      <td>{formats.price(batch.closeCents)}</td>
      <td>{formats.compact(batch.volume)}</td>
      <td className="cell-balance">
        <Balance share={batch.volume === 0 ? null : batch.buyVolume / batch.volume} />
        <span className="out-of-sight">{formats.share(batch.volume === 0 ? null : batch.buyVolume / batch.volume)}</span>
      </td>
    </tr>
  );
});
