/** The header Retry-After: how long a host wants to be left alone. */

const longestMs = 24 * 60 * 60_000;

/** Milliseconds from `now`, at most a day; undefined when the header says nothing. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * 1_000, longestMs);
  const at = httpDate(text);
  return at === undefined ? undefined : Math.min(Math.max(at - now, 0), longestMs);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Such as `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that hosts may still send. */
function httpDate(text: string): number | undefined {
  const [, day, month = '', year, hour, minute, second] =
    /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/.exec(text) ?? [];
  const monthNumber = months.indexOf(month) + 1;
  if (day === undefined || monthNumber === 0) return undefined;
  const date = {
    year: Number(year),
    month: monthNumber,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
  try {
    return Temporal.ZonedDateTime.from({ timeZone: 'UTC', ...date }, { overflow: 'reject' }).epochMilliseconds;
  } catch {
    return undefined;
  }
}
