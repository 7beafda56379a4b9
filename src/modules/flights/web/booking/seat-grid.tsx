/** The seats of a cabin as a grid: by mouse, with the arrow keys, and read seat by seat. */
import type { SeatMap } from '#modules/flights/api/booking/contracts.ts';
import type { Cabin } from '#modules/flights/domain/cabins.ts';
import { useGridKeys } from '../grid-keys.ts';
import { useFlightsWords } from '../words.ts';
import { rowsOf, type Seat, type Seating } from './seat-rows.ts';

export function SeatGrid(props: {
  map: SeatMap;
  cabin: Cabin;
  seating: Seating;
  /** What the passengers are called. */
  names: readonly string[];
  onSeat: (seat: string) => void;
}) {
  const { seats: words } = useFlightsWords();
  const { columns, rows } = rowsOf(props.map, props.cabin);
  const firstFree = rows.flatMap(({ seats }) => seats).find((seat) => seat?.free)?.seat;
  const { grid, onKeyDown, cell } = useGridKeys(
    rows.map(({ seats }) => seats.map((seat) => seat?.seat)),
    props.seating.find((seat) => seat !== null) ?? firstFree,
  );
  return (
    <div className="cabin">
      <table
        ref={grid}
        className="seats"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table with keys of its own is a grid.
        role="grid"
        aria-label={words.grid}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            <td />
            {columns.map((letter, place) =>
              letter === null ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: an aisle has no name.
                <td key={`aisle ${place}`} />
              ) : (
                <th key={letter} scope="col">
                  {letter}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ number, seats, exit }) => (
            <tr key={number} className={exit ? 'seats-exit' : undefined}>
              <th scope="row">{number}</th>
              {seats.map((seat, place) => (
                <td key={columns[place] ?? `aisle ${place}`} className={seat === undefined ? 'seats-aisle' : undefined}>
                  {seat !== undefined && (
                    <SeatButton
                      seat={seat}
                      passenger={props.seating.indexOf(seat.seat)}
                      names={props.names}
                      keys={cell(seat.seat)}
                      onSeat={props.onSeat}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SeatButton(props: {
  seat: Seat;
  /** Who has chosen it; -1 for nobody. */
  passenger: number;
  names: readonly string[];
  keys: object;
  onSeat: (seat: string) => void;
}) {
  const { seats: words } = useFlightsWords();
  const { seat, free, place, exitRow } = props.seat;
  const name = props.names[props.passenger];
  const state = name !== undefined ? words.chosenFor(name) : free ? words.free : words.taken;
  return (
    <button
      type="button"
      {...props.keys}
      className={name !== undefined ? 'seat seat-chosen' : free ? 'seat' : 'seat seat-taken'}
      aria-pressed={name !== undefined}
      aria-disabled={!free}
      onClick={() => free && props.onSeat(seat)}
    >
      <span className="out-of-sight">
        {[words.seat(seat), words.places[place], exitRow ? words.exitRow : '', state].filter((part) => part !== '').join(', ')}
      </span>
      <span aria-hidden="true">{name !== undefined ? props.passenger + 1 : free ? '' : '×'}</span>
    </button>
  );
}
