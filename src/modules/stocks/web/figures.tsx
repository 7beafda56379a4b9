/** A company's name, price and change as every stocks page shows them: signs beside colours, widths reserved. */
import type { CompanySummary } from '#modules/stocks/api/schemas.ts';
import { instrumentOf } from '#web/book-names.ts';
import type { Language } from '#web/language/formats.ts';
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

type Named = Pick<CompanySummary, 'company' | 'name' | 'sector' | 'simulated'>;

/** A market of this house by its name, such as "Kontor Shop, Tea"; a company as it is called. */
export function companyName({ company, name }: Named, language: Language): string {
  return instrumentOf(company, language)?.name ?? name;
}

export function sectorText({ company, sector, simulated }: Named, { sectors, external, sales }: StocksWords['market']): string {
  if (simulated) return sectors[sector] ?? sector;
  return instrumentOf(company, 'en') === undefined ? external : sales;
}
