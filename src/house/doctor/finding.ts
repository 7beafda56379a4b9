/** What `kontor doctor` found about one thing. */
export interface Finding {
  /** What was looked at, such as `port` or `STATE_URL`. */
  readonly about: string;
  /** `doubtful` works, but not well or not for long; `open` could not be looked at. */
  readonly verdict: 'good' | 'open' | 'doubtful' | 'wrong';
  readonly says: string;
  /** What to do; undefined where nothing is. */
  readonly advice?: string;
}

export function good(about: string, says: string): Finding {
  return { about, verdict: 'good', says };
}

export function doubtful(about: string, says: string, advice: string): Finding {
  return { about, verdict: 'doubtful', says, advice };
}

export function wrong(about: string, says: string, advice: string): Finding {
  return { about, verdict: 'wrong', says, advice };
}

export function reasonOf(error: unknown): string {
  // Node tries every address of a host, and tells of each.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const text = error instanceof Error ? error.message || ((error as NodeJS.ErrnoException).code ?? error.name) : String(error);
  return text.split('\n')[0] ?? text;
}
