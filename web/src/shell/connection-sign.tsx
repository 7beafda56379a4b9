/** The state of the live connection: a dot and a text, which screen readers announce when it changes, and a button to retry. */
import { useEffect, useState } from 'react';
import { browser } from '../browser.ts';
import type { Words } from '../language/english.ts';
import type { Formats } from '../language/formats.ts';
import { useFormats, useWords } from '../language/language.ts';
import { live, useConnection } from '../live/live.ts';
import type { Connection } from '../live/live-client.ts';

/** How long the sign says that the connection is back, before it says "live" again. */
const backShownMs = 10_000;

export function ConnectionSign() {
  const words = useWords();
  const formats = useFormats();
  const connection = useConnection();
  const [settled, setSettled] = useState<Connection>();

  useEffect(() => browser.after(backShownMs, () => setSettled(connection)), [connection]);

  const back = connection.state === 'live' && connection.reconnectedAt !== undefined && settled !== connection;
  const text = back ? backText(connection, words, formats) : connectionText(connection, words, formats);
  return (
    <div className={`connection connection-${back ? 'back' : connection.state}`}>
      <p role="status" title={text}>
        <span className="connection-dot" aria-hidden="true" />
        <span className="connection-text">{text}</span>
      </p>
      {connection.state === 'reconnecting' && (
        <button type="button" className="connection-retry" onClick={() => live.connect()}>
          {words.connection.retry}
        </button>
      )}
    </div>
  );
}

function backText(
  { reconnectedAt = 0, whole }: Extract<Connection, { state: 'live' }>,
  { connection: words }: Words,
  formats: Formats,
): string {
  return whole ? words.whole : words.reconnected(formats.time(reconnectedAt));
}

function connectionText(connection: Connection, { connection: words }: Words, formats: Formats): string {
  switch (connection.state) {
    case 'connecting':
      return words.connecting;
    case 'live':
      return words.live;
    case 'paused':
      return words.paused;
    case 'reconnecting':
      return words.reconnecting(formats.time(connection.since));
  }
}
