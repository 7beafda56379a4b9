/** Identifies the process that holds a lease or a partition, and detects holders that are gone. */
export interface Holder {
  /** Unique for each run of a process, such as `myhost:4711:9f3a…`. */
  readonly id: string;
  /**
   * True only when the holder is certainly gone (same host, and no such process any more), so that its leases may be
   * taken over before they expire. False when in doubt.
   */
  isGone(holderId: string): boolean;
}
