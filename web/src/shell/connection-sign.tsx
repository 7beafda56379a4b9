/** Whether what is shown is live: a dot and a word, announced only when it changes. */
import { useEffect, useState } from 'react';
import { browser } from '../browser.ts';
import type { Words } from '../language/english.ts';
import type { Formats } from '../language/formats.ts';
import { useFormats, useWords } from '../language/language.ts';
import { useConnection } from '../live/live.ts';
import type { Connection } from '../live/live-client.ts';

/** So long it says that the connection is back, before it says just "live" again. */
const backShownMs = 10_000;

export function ConnectionSign() {
  const words = useWords();
  const formats = useFormats();
  const connection = useConnection();
  const [settled, setSettled] = useState<Connection>();

  useEffect(() => browser.after(backShownMs, () => setSettled(connection)), [connection]);

  const text = connectionText(connection, settled === connection, words, formats);
  return (
    <p className={`connection connection-${connection.state}`} role="status" title={text}>
      <span className="connection-dot" aria-hidden="true" />
      <span className="connection-text">{text}</span>
    </p>
  );
}

function connectionText(connection: Connection, settled: boolean, { connection: words }: Words, formats: Formats): string {
  switch (connection.state) {
    case 'connecting':
      return words.connecting;
    case 'paused':
      return words.paused;
    case 'reconnecting':
      return words.reconnecting(formats.time(connection.since));
    case 'live':
      return connection.reconnectedAt === undefined || settled ? words.live : words.reconnected(formats.time(connection.reconnectedAt));
  }
}
