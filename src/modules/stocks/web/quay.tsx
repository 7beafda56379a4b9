/**
 * The movers as a row of merchants' houses: gains stand on the quay, losses lie mirrored in the water, best to worst.
 * Places change only now and then, and not while the pointer or the focus is on one; heights follow the prices.
 */
import { useRef } from 'react';
import { useFormats } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { companyPath } from './addresses.ts';
import { movers } from './order.ts';
import { currentSummaries, useQuote } from './sources.ts';
import { useNowAndThen } from './use-now-and-then.ts';
import { useStocksWords } from './words.ts';

const housesAtMost = 16;
/** Houses keep their plots and change owners: nothing on the page moves when the order does. */
const places = Array.from({ length: housesAtMost }, (_, place) => place);
const placesTakenEveryMs = 5_000;
/** Below this change (in basis points) the scale does not zoom in further: a calm day should look calm. */
const leastScale = 50;
/** A side without houses keeps this part of the other's height. */
const leastSide = 0.1;

export function Quay({ codes }: { codes: readonly string[] }) {
  const { market } = useStocksWords();
  const row = useRef<HTMLOListElement>(null);
  const houses = useNowAndThen(
    placesTakenEveryMs,
    codes,
    () => movers(currentSummaries(), housesAtMost),
    () => row.current?.matches(':hover, :focus-within') ?? false,
  );
  const changes = houses.map(({ changeBasisPoints }) => changeBasisPoints ?? 0);
  const [most, least] = [Math.max(0, ...changes), Math.min(0, ...changes)];
  const scale = Math.max(leastScale, most, -least);
  // Both sides share one scale, so that a gain and a loss of the same size look it; neither side vanishes.
  const above = Math.max(most, scale * leastSide);
  const below = Math.max(-least, scale * leastSide);
  return (
    <figure className="quay sheet">
      <figcaption className="sheet-head">
        <h2>{market.movers}</h2>
        <span className="label">{market.quayHint}</span>
      </figcaption>
      <div className="quay-view">
        <ol
          ref={row}
          className="quay-houses"
          style={{ gridTemplateRows: `${rowHeight(above / (above + below))} auto ${rowHeight(below / (above + below))}` }}
        >
          {places.slice(0, houses.length).map((place) => (
            <House key={place} company={houses[place]?.company ?? ''} above={above} below={below} />
          ))}
        </ol>
      </div>
    </figure>
  );
}

/** A side's share of the room there is for houses, and a line above them for the figure. */
function rowHeight(part: number): string {
  return `calc(${part} * var(--quay-room) + var(--quay-figure))`;
}

function House({ company, above, below }: { company: string; above: number; below: number }) {
  const formats = useFormats();
  const quote = useQuote(company);
  if (quote === undefined) return null;
  const { name, changeBasisPoints } = quote.summary;
  const change = changeBasisPoints ?? 0;
  const part = Math.min(change, above) / (above + below);
  const depth = Math.min(-change, below) / (above + below);
  const bar = <span className="house-front" style={{ height: `calc(${change >= 0 ? part : depth} * var(--quay-room))` }} />;
  const value = <span className="house-value">{formats.shortChange(changeBasisPoints)}</span>;
  return (
    <li className={change >= 0 ? 'house house-up' : 'house house-down'}>
      <Link href={companyPath(company)} title={`${name} ${formats.change(changeBasisPoints)}`}>
        <span className="house-air">
          {change >= 0 && value}
          {change >= 0 && bar}
        </span>
        <span className="house-code">{company}</span>
        <span className="house-water">
          {change < 0 && bar}
          {change < 0 && value}
        </span>
      </Link>
    </li>
  );
}
