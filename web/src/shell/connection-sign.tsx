/** The state of the live connection: a dot and a text, which screen readers announce when it changes. */
import { useEffect, useState } from 'react';
import { browser } from '../browser.ts';
import type { Words } from '../language/english.ts';
import type { Formats } from '../language/formats.ts';
import { useFormats, useWords } from '../language/language.ts';
import { useConnection } from '../live/live.ts';
import type { Connection } from '../live/live-client.ts';

/** How long the sign says that the connection is back, before it says "live" again. */
const backShownMs = 10_000;

export function ConnectionSign() {
  const words = useWords();
  const formats = useFormats();
  const connection = useConnection();
  const [settled, setSettled] = useState<Connection>();

  useEffect(() => browser.after(backShownMs, () => setSettled(connection)), [connection]);

  const backSince = connection.state === 'live' && settled !== connection ? connection.reconnectedAt : undefined;
  const text = backSince === undefined ? connectionText(connection, words, formats) : words.connection.reconnected(formats.time(backSince));
  return (
    <p className={`connection connection-${backSince === undefined ? connection.state : 'back'}`} role="status" title={text}>
      <span className="connection-dot" aria-hidden="true" />
      <span className="connection-text">{text}</span>
    </p>
  );
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
