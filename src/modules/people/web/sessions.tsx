/** Where one is logged in, and logging out there. */
import { useState } from 'react';
import { useReloading } from '#web/api/use-resource.ts';
import { Loaded } from '#web/design/loaded.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { loadSession } from '#web/session/session.ts';
import { deviceOf } from './device.ts';
import { call } from './sources.ts';
import { usePeopleWords } from './words.ts';

const loadSessions = async (signal: AbortSignal) => (await call('GET', '/api/people/me/sessions', { signal })).sessions;

export function SessionsSheet() {
  const { sessions: words } = usePeopleWords();
  const formats = useFormats();
  const tell = useToasts();
  const failureText = useFailureText();
  const [resource, reload] = useReloading(loadSessions);
  const [busy, setBusy] = useState(false);

  const end = async (ending: Promise<undefined>) => {
    setBusy(true);
    try {
      await ending;
      tell('good', words.ended);
      reload();
      await loadSession();
    } catch (failure) {
      tell('bad', failureText(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Sheet title={words.title}>
      <Loaded resource={resource} height="6rem">
        {(sessions) => (
          <div className="sheet-body">
            <ul className="entries">
              {sessions.map(({ id, current, address, agent, seenAt }) => {
                const device = deviceOf(agent);
                return (
                  <li key={id}>
                    <div>
                      <p>
                        <b title={agent}>{device === undefined ? words.unknownDevice : words.device(device.browser, device.system)}</b>{' '}
                        {current && <span className="badge badge-good">{words.current}</span>}
                      </p>
                      <p className="label">
                        {address} · {words.seen(formats.date(seenAt))}
                      </p>
                    </div>
                    <button
                      type="button"
                      className="button"
                      disabled={busy}
                      onClick={() => end(call('DELETE', '/api/people/me/sessions/:id', { params: { id } }))}
                    >
                      {words.end}
                    </button>
                  </li>
                );
              })}
            </ul>
            {sessions.length > 1 && (
              <div className="form-actions">
                <button type="button" className="button" disabled={busy} onClick={() => end(call('DELETE', '/api/people/me/sessions'))}>
                  {words.endAll}
                </button>
              </div>
            )}
          </div>
        )}
      </Loaded>
    </Sheet>
  );
}
