/** What happened to one's own account, or to all accounts: every login, change and refusal, newest first. */
import { useCallback } from 'react';
import { usePages } from '#web/api/use-pages.ts';
import { ListSheet } from '#web/design/list-sheet.tsx';
import { useFormats } from '#web/language/language.ts';
import { type EventsOf, loadEvents } from './sources.ts';
import { usePeopleWords } from './words.ts';

export function EventsSheet({ of }: { of: EventsOf }) {
  const { events: words } = usePeopleWords();
  const formats = useFormats();
  const pages = usePages(useCallback((after: string | undefined, signal: AbortSignal) => loadEvents(of, after, signal), [of]));
  return (
    <ListSheet title={words.title} pages={pages} empty={<p className="sheet-body">{words.empty}</p>}>
      {(events) => (
        <ul className="sheet-body entries">
          {events.map(({ id, at, kind, address, detail, accountId, accountName }) => (
            <li key={id}>
              <div>
                <p>
                  <b>{words.kinds[kind]}</b> {detail !== '' && <span className="soft">{detail}</span>}
                </p>
                <p className="label">
                  {formats.moment(at)} · {address}
                  {of !== 'own' && accountId !== null && <span title={accountId}> · {accountName ?? words.account(accountId)}</span>}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </ListSheet>
  );
}
