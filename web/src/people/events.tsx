/** What happened to the account: every login, change and refusal, newest first. */
import { useCallback } from 'react';
import type { SecurityEvents } from '../../../src/http/people/schemas.ts';
import { getJson } from '../api/api.ts';
import { usePages } from '../api/use-pages.ts';
import { Loaded } from '../design/loaded.tsx';
import { More } from '../design/pages.tsx';
import { useFormats } from '../language/language.ts';
import { usePeopleWords } from './words.ts';

const eventsPerPage = 10;

export function EventsSheet() {
  const { events: words } = usePeopleWords();
  const formats = useFormats();
  const pages = usePages(
    useCallback(async (before: string | undefined, signal: AbortSignal) => {
      const query = new URLSearchParams({ limit: String(eventsPerPage), ...(before === undefined ? {} : { before }) });
      const { events, next } = await getJson<SecurityEvents>(`/api/people/me/events?${query}`, signal);
      return { items: events, next };
    }, []),
  );
  return (
    <section className="sheet" aria-labelledby="events">
      <div className="sheet-head">
        <h2 id="events">{words.title}</h2>
      </div>
      <div className="sheet-body">
        <Loaded resource={pages.list} height="12rem">
          {(events) =>
            events.length === 0 ? (
              <p>{words.empty}</p>
            ) : (
              <ul className="entries">
                {events.map(({ id, at, kind, address, detail }) => (
                  <li key={id}>
                    <div>
                      <p>
                        <b>{words.kinds[kind]}</b> {detail !== '' && <span className="soft">{detail}</span>}
                      </p>
                      <p className="label">
                        {formats.moment(at)} · {address}
                      </p>
                    </div>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
        <More pages={pages} />
      </div>
    </section>
  );
}
