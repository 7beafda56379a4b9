/** A market on the overview: one figure, up to three rows of what moves in it, and one action. */
import './market-tile.css';
import { type ReactNode, useId } from 'react';
import type { Name } from '../area.ts';
import { useName } from '../language/area-words.ts';
import { Link } from '../routing/navigation.tsx';
import { Placeholder } from './states.tsx';

const rowsShown = 3;
const emptyRows = Array.from({ length: rowsShown }, (_, place) => place);

interface TileRow {
  readonly key: string;
  readonly name: ReactNode;
  readonly value: ReactNode;
  /** Where a press on the name leads. */
  readonly href?: string;
}

export function MarketTile(props: {
  name: Name;
  path: string;
  figure: ReactNode;
  /** What the figure counts. */
  unit: string;
  /** Undefined while they are not known. */
  rows: readonly TileRow[] | undefined;
  /** Shown where there are no rows. */
  empty: string;
  action: { readonly href: string; readonly text: string };
}) {
  const { rows, action } = props;
  const id = useId();
  return (
    <section className="sheet tile" aria-labelledby={id}>
      <h3 id={id}>
        <Link href={props.path}>{useName(props.name)}</Link>
      </h3>
      <p className="tile-figure">
        <b>{props.figure}</b> <span className="label">{props.unit}</span>
      </p>
      {rows?.length === 0 ? (
        <p className="tile-rows tile-empty soft">{props.empty}</p>
      ) : (
        <ul className="tile-rows" aria-busy={rows === undefined}>
          {rows === undefined
            ? emptyRows.map((place) => (
                <li key={place}>
                  <Placeholder width="100%" height="1.1rem" />
                </li>
              ))
            : rows.slice(0, rowsShown).map(({ key, name, value, href }) => (
                <li key={key}>
                  <span className="tile-name">{href === undefined ? name : <Link href={href}>{name}</Link>}</span>
                  <span className="tile-value">{value}</span>
                </li>
              ))}
        </ul>
      )}
      <Link className="button" href={action.href}>
        {action.text}
      </Link>
    </section>
  );
}
