/** A price and a change as every stocks page shows them: signs beside colours, widths reserved. */
import type { CompanySummary } from '#modules/stocks/api/schemas.ts';
import { useFormats } from '#web/language/language.ts';
import type { StocksWords } from './english.ts';
import type { Tick } from './market-store.ts';

/** The small arrow says where the last trade moved the price; it keeps its room when there is none. */
export function PriceText({ cents, tick }: { cents: number; tick: Tick }) {
  const formats = useFormats();
  return (
    <span className="price">
      <span className={`tick tick-${tick}`} aria-hidden="true" />
      {formats.price(cents)}
    </span>
  );
}

export function ChangeText({ basisPoints }: { basisPoints: number | null }) {
  const formats = useFormats();
  const direction = basisPoints === null || Math.abs(basisPoints) < 0.5 ? 'soft' : basisPoints > 0 ? 'up' : 'down';
  return <span className={`change ${direction}`}>{formats.change(basisPoints)}</span>;
}

export function sectorText(
  { sector, simulated }: Pick<CompanySummary, 'sector' | 'simulated'>,
  { sectors, external }: StocksWords['market'],
): string {
  return simulated ? (sectors[sector] ?? sector) : external;
}
