/** What happened to one's own account, or to all of them: every login, change and refusal, newest first. */
import { useCallback } from 'react';
import type { SecurityEvents } from '#modules/people/api/schemas.ts';
import { getJson } from '#web/api/api.ts';
import { usePages } from '#web/api/use-pages.ts';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { useFormats } from '#web/language/language.ts';
import { usePeopleWords } from './words.ts';

const eventsPerPage = { own: 10, all: 50 } as const;
const addresses = { own: '/api/people/me/events', all: '/api/people/events' } as const;

export function EventsSheet({ of }: { of: keyof typeof addresses }) {
  const { events: words } = usePeopleWords();
  const formats = useFormats();
  const pages = usePages(
    useCallback(
      async (before: string | undefined, signal: AbortSignal) => {
        const query = new URLSearchParams({ limit: String(eventsPerPage[of]), ...(before === undefined ? {} : { before }) });
        const { events, next } = await getJson<SecurityEvents>(`${addresses[of]}?${query}`, signal);
        return { items: events, next };
      },
      [of],
    ),
  );
  return (
    <ListSheet title={words.title} pages={pages} empty={<p className="sheet-body">{words.empty}</p>}>
      {(events) => (
        <ul className="sheet-body entries">
          {events.map(({ id, at, kind, address, detail, accountId }) => (
            <li key={id}>
              <div>
                <p>
                  <b>{words.kinds[kind]}</b> {detail !== '' && <span className="soft">{detail}</span>}
                </p>
                <p className="label">
                  {formats.moment(at)} · {address}
                  {of === 'all' && accountId !== null && ` · ${words.account(accountId)}`}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </ListSheet>
  );
}
