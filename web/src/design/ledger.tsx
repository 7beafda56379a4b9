/** A table: one column names the row, and figures are right-aligned. */
import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly head: string;
  /**
   * `name` names the row; `change` is beside it on phones; `measure` is a figure that says little without its heading, which is
   * beside it on phones; the heading of `action` is for screen readers only.
   */
  readonly kind?: 'name' | 'figure' | 'measure' | 'change' | 'when' | 'number' | 'action';
  readonly cell: (row: Row) => ReactNode;
}

export function Ledger<Row>({
  rows,
  keyOf,
  columns,
}: {
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
  columns: readonly Column<Row>[];
}) {
  return (
    <table className="ledger">
      <thead>
        <tr>
          {columns.map(({ head, kind }) => (
            <th
              key={head}
              scope="col"
              className={kind === 'figure' || kind === 'measure' || kind === 'change' ? 'ledger-figure' : undefined}
            >
              {kind === 'action' ? <span className="out-of-sight">{head}</span> : head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ head, kind, cell }) =>
              kind === 'name' ? (
                <th key={head} scope="row" className="ledger-what">
                  {cell(row)}
                </th>
              ) : (
                <td key={head} className={kind && cellClasses[kind]} data-head={kind === 'measure' ? head : undefined}>
                  {cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const cellClasses = {
  figure: 'ledger-figure',
  measure: 'ledger-figure ledger-measure',
  change: 'ledger-figure ledger-change',
  action: 'ledger-figure',
  when: 'ledger-when',
  number: 'ledger-number',
} as const;
