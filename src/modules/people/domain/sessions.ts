/** How long sessions last, and where requests come from. */

export interface SessionRules {
  /** A session ends when it was not used for so long … */
  readonly idleMs: number;
  /** … and after so long however much it was used. */
  readonly longestMs: number;
}

/** Where a request comes from, as its owner is shown it. */
export interface Whereabouts {
  readonly address: string;
  /** What the browser says it is. */
  readonly agent: string;
}
