/** How often somebody may try before they must wait, and what counts as one network. */

export interface AttemptRule {
  /** Attempts without a wait; each further one doubles the wait before the next. */
  readonly free: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Counting begins anew after so long without an attempt. */
  readonly forgetMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const attemptRules = {
  loginByEmail: { free: 5, firstWaitMs: 2_000, longestWaitMs: 15 * minuteMs, forgetMs: 24 * hourMs },
  /** Many people may share an address; a login that succeeds does not count. */
  loginByAddress: { free: 30, firstWaitMs: 1_000, longestWaitMs: 15 * minuteMs, forgetMs: hourMs },
  letterByEmail: { free: 3, firstWaitMs: minuteMs, longestWaitMs: hourMs, forgetMs: 24 * hourMs },
  letterByAddress: { free: 20, firstWaitMs: 10_000, longestWaitMs: hourMs, forgetMs: hourMs },
} as const satisfies Readonly<Record<string, AttemptRule>>;

/** The longest `forgetMs` of all rules. */
export const longestForgetMs = 24 * hourMs;

export function waitAfter(attempts: number, { free, firstWaitMs, longestWaitMs }: AttemptRule): number {
  const beyond = attempts - free;
  return beyond < 0 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(beyond, 30));
}

/** IPv6 addresses count by their first 64 bits: one subscriber has all the addresses that share them. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const tailGroups = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - groups.length - tailGroups.length }, () => '0');
  return `${[...groups, ...zeros, ...tailGroups].slice(0, 4).join(':')}::/64`;
}
