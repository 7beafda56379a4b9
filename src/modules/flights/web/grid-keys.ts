/** Moves the focus in a grid with the arrow keys; the whole grid is one stop of the tab key. */
import { type KeyboardEvent, useRef, useState } from 'react';

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** The cell that a key leads to; undefined for other keys and at the edge. `there` says whether there is something at a cell. */
export function cellAfter(
  from: Cell,
  key: string,
  size: { rows: number; columns: number },
  there: (cell: Cell) => boolean,
): Cell | undefined {
  const step = steps[key];
  if (step !== undefined) {
    for (
      let cell = { row: from.row + step.row, column: from.column + step.column };
      cell.row >= 0 && cell.row < size.rows && cell.column >= 0 && cell.column < size.columns;
      cell = { row: cell.row + step.row, column: cell.column + step.column }
    )
      if (there(cell)) return cell;
    return undefined;
  }
  const row = Array.from({ length: size.columns }, (_, column) => ({ row: from.row, column }));
  if (key === 'Home') return row.find(there);
  if (key === 'End') return row.findLast(there);
  return undefined;
}

const steps: Readonly<Record<string, Cell>> = {
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
};

/**
 * `cells` are names by row and column, with undefined where nothing can be focused; `first` is where the tab key leads until the focus
 * was moved. The element of a cell has the attribute `data-cell` with its name.
 */
export function useGridKeys(cells: readonly (readonly (string | undefined)[])[], first: string | undefined) {
  const grid = useRef<HTMLTableElement>(null);
  const [moved, setMoved] = useState<string>();
  const all = cells.flat();
  const stop = [moved, first].find((name) => name !== undefined && all.includes(name)) ?? all.find((name) => name !== undefined);

  const onKeyDown = (event: KeyboardEvent) => {
    const from = event.target instanceof HTMLElement ? event.target.dataset.cell : undefined;
    const row = cells.findIndex((names) => from !== undefined && names.includes(from));
    if (row < 0 || from === undefined) return;
    const size = { rows: cells.length, columns: Math.max(...cells.map((names) => names.length)) };
    const nameAt = (cell: Cell) => cells[cell.row]?.[cell.column];
    const place = { row, column: cells[row]?.indexOf(from) ?? 0 };
    const to = cellAfter(place, event.key, size, (cell) => nameAt(cell) !== undefined);
    if (to === undefined) return;
    event.preventDefault();
    const name = nameAt(to);
    setMoved(name);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${name}"]`)?.focus();
  };
  return {
    grid,
    onKeyDown,
    /** The attributes of a cell that can be focused. */
    cell: (name: string) => ({ 'data-cell': name, tabIndex: name === stop ? 0 : -1, onFocus: () => setMoved(name) }),
  };
}
