/** How often somebody may try before they must wait. */

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
  /** At one account from one network; also of a session, and of a device that logged in before, at their own account. */
  login: { free: 5, firstWaitMs: 2_000, longestWaitMs: 15 * minuteMs, forgetMs: 24 * hourMs },
  /** At one account, of all strangers together: it slows down guessing from many networks. */
  loginOfStrangers: { free: 100, firstWaitMs: 1_000, longestWaitMs: minuteMs, forgetMs: 24 * hourMs },
  /** From one network, at all accounts. Many people may share it; a login that succeeds does not count. */
  loginByNetwork: { free: 30, firstWaitMs: 1_000, longestWaitMs: 15 * minuteMs, forgetMs: hourMs },
  /** Codes of one account, after the right password. */
  code: { free: 5, firstWaitMs: 2_000, longestWaitMs: 15 * minuteMs, forgetMs: 24 * hourMs },
  /** To one address from one network or one device that logged in before. */
  letter: { free: 3, firstWaitMs: minuteMs, longestWaitMs: hourMs, forgetMs: 24 * hourMs },
  letterByNetwork: { free: 20, firstWaitMs: 10_000, longestWaitMs: hourMs, forgetMs: hourMs },
} as const satisfies Readonly<Record<string, AttemptRule>>;

/**
 * Letters to one address that strangers ask for: after so many whose links still work, one is sent only when the newest is older
 * than this. Nobody waits for a letter longer than that, and nobody's mailbox is flooded.
 */
export const letterFlood = { letters: 6, newestOlderMs: 10 * minuteMs } as const;

/** The longest `forgetMs` of all rules. */
export const longestForgetMs = 24 * hourMs;

export function waitAfter(attempts: number, { free, firstWaitMs, longestWaitMs }: AttemptRule): number {
  const beyond = attempts - free;
  return beyond < 0 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(beyond, 30));
}
