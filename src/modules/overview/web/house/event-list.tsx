/** What happened to the house: parts that died, came back, were taken over. */
import type { HouseEvent } from '#modules/overview/api/schemas.ts';
import { useFormats } from '#web/language/language.ts';
import { useOverviewWords } from '../words.ts';

const bad = new Set<HouseEvent['kind']>(['died', 'not-ready', 'engine-away', 'pulled']);

/** `outside` is for those who see only the newest events. */
export function EventList({ events, outside = false }: { events: readonly HouseEvent[]; outside?: boolean }) {
  const { house: words } = useOverviewWords();
  const formats = useFormats();
  return (
    <section className="house-block events" aria-labelledby="events">
      <h3 id="events">{outside ? words.newest : words.events}</h3>
      {outside && <p className="label">{words.closed}</p>}
      {events.length === 0 ? (
        <p className="soft">{words.noEvents}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also with the keyboard.
        <ol className="events-list" tabIndex={0} aria-labelledby="events">
          {events.map(({ id, at, kind, subject, values }) => (
            <li key={id} className={bad.has(kind) ? 'event event-bad' : 'event'}>
              <time dateTime={new Date(at).toISOString()}>{formats.time(at)}</time>
              <span>{words.eventTexts[kind](subject, values)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
