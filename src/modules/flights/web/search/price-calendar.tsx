/** The lowest price of each day of a month: a click on a day searches it. */
import { useEffect, useState } from 'react';
import type { Calendar } from '#modules/flights/api/search/contracts.ts';
import type { Cabin } from '#modules/flights/domain/cabins.ts';
import { browser } from '#web/browser.ts';
import { Icon } from '#web/design/marks.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Placeholder } from '#web/design/states.tsx';
import { useFormats, useWords } from '#web/language/language.ts';
import { useAnswer } from '../answers.ts';
import { useGridKeys } from '../grid-keys.ts';
import { addMonths, monthOf, todayAt, weeksOf } from '../local-times.ts';
import { calendarQuestion, calendars } from '../sources.ts';
import { useDayTexts } from '../use-airports.ts';
import { useFlightsWords } from '../words.ts';

const weekdays = [1, 2, 3, 4, 5, 6, 7];
const monthsAhead = 4;

export function PriceCalendar(props: {
  from: string;
  to: string;
  cabin: Cabin;
  passengers: number;
  /** The day that is shown now. */
  date: string;
  onChoose: (date: string) => void;
}) {
  const { calendar: words } = useFlightsWords();
  const days = useDayTexts();
  const [month, setMonth] = useMonth(props.date);
  const { from, to, cabin, passengers } = props;
  const question = (of: string) => calendarQuestion({ from, to, month: of, cabin, passengers });
  const { resource, current } = useAnswer(calendars, question(month));
  const thisMonth = monthOf(todayAt(browser.now()));
  const next = question(addMonths(month, 1));
  useEffect(() => {
    // The next month is there when it is leafed to; a failure shows then.
    calendars.load(next).catch(() => {});
  }, [next]);

  const leaf = (months: number) => setMonth(addMonths(month, months));
  return (
    <Sheet
      title={words.title}
      tools={
        <div className="calendar-leaf">
          <button
            type="button"
            className="button button-plain"
            aria-label={words.earlier}
            disabled={month <= thisMonth}
            onClick={() => leaf(-1)}
          >
            <Icon name="back" />
          </button>
          <b aria-live="polite">{days.month(month)}</b>
          <button
            type="button"
            className="button button-plain"
            aria-label={words.later}
            disabled={month >= addMonths(thisMonth, monthsAhead)}
            onClick={() => leaf(1)}
          >
            <Icon name="forward" />
          </button>
        </div>
      }
    >
      {resource.state === 'failed' ? (
        <div className="sheet-body">
          <p className="note note-look">{words.failed}</p>
          <RetryButton onRetry={resource.retry} />
        </div>
      ) : (
        <Days
          key={month}
          month={month}
          calendar={resource.state === 'ready' && current ? resource.value : undefined}
          date={props.date}
          onChoose={props.onChoose}
        />
      )}
    </Sheet>
  );
}

function RetryButton({ onRetry }: { onRetry: () => void }) {
  const { house } = useWords();
  return (
    <button type="button" className="button" onClick={onRetry}>
      {house.tryAgain}
    </button>
  );
}

/** The month of the date, until another one is leafed to. */
function useMonth(date: string) {
  const [seen, setSeen] = useState(date);
  const [month, setMonth] = useState(monthOf(date));
  if (seen !== date) {
    setSeen(date);
    setMonth(monthOf(date));
  }
  return [month, setMonth] as const;
}

function Days(props: { month: string; calendar: Calendar | undefined; date: string; onChoose: (date: string) => void }) {
  const { calendar: words } = useFlightsWords();
  const days = useDayTexts();
  const prices = new Map(props.calendar?.days.map(({ date, price }) => [date, price]));
  const weeks = weeksOf(props.month);
  const offered = weeks.map((week) => week.map((date) => (date !== undefined && (prices.get(date) ?? null) !== null ? date : undefined)));
  const lowest = Math.min(...[...prices.values()].filter((price) => price !== null));
  const { grid, onKeyDown, cell } = useGridKeys(offered, props.date);
  return (
    <table
      ref={grid}
      className="calendar"
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table with keys of its own is a grid.
      role="grid"
      aria-label={days.month(props.month)}
      aria-busy={props.calendar === undefined}
      onKeyDown={onKeyDown}
    >
      <thead>
        <tr>
          {weekdays.map((weekday) => (
            <th key={weekday} scope="col">
              {days.weekday(weekday)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week.find((date) => date !== undefined)}>
            {week.map((date, place) => (
              <td key={date ?? weekdays[place]}>
                {date !== undefined && (
                  <Day
                    date={date}
                    price={props.calendar === undefined ? undefined : (prices.get(date) ?? null)}
                    lowest={prices.get(date) === lowest}
                    chosen={date === props.date}
                    keys={cell(date)}
                    onChoose={props.onChoose}
                  />
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      <caption className="label calendar-hint">{words.hint}</caption>
    </table>
  );
}

function Day(props: {
  date: string;
  /** Undefined while it is loading; null without a flight. */
  price: number | null | undefined;
  lowest: boolean;
  chosen: boolean;
  keys: object;
  onChoose: (date: string) => void;
}) {
  const { calendar: words } = useFlightsWords();
  const formats = useFormats();
  const days = useDayTexts();
  const { date, price, lowest } = props;
  const number = Number(date.slice(8));
  if (price === undefined || price === null)
    return (
      <span className="calendar-day calendar-none">
        <span>{number}</span>
        {price === undefined ? <Placeholder width="60%" height="0.8rem" /> : <span className="calendar-price">–</span>}
      </span>
    );
  return (
    <button
      type="button"
      {...props.keys}
      className={lowest ? 'calendar-day calendar-lowest' : 'calendar-day'}
      aria-current={props.chosen ? 'date' : undefined}
      onClick={() => props.onChoose(date)}
    >
      <span className="out-of-sight">{words.day(days.long(date), formats.whole(price), lowest)}</span>
      <span aria-hidden="true">{number}</span>
      <span aria-hidden="true" className="calendar-price">
        {lowest && <span className="tick tick-down" />}
        {formats.whole(price)}
      </span>
    </button>
  );
}
