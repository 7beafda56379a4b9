/** Times as the browser's own date field writes them: the reader's clock, to the minute. */

export function localTimeOf(epochMs: number | null | undefined): string {
  if (epochMs === null || epochMs === undefined) return '';
  const at = new Date(epochMs);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Null for an empty field. */
export function epochMsOf(text: string): number | null {
  const at = new Date(text).getTime();
  return Number.isNaN(at) ? null : at;
}
