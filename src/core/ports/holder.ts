/** Who holds a lease or a partition: a name for this process's life, and a way to tell that another life is over. */
export interface Holder {
  /** Unique for this life of this process, such as `myhost:4711:9f3a…`. */
  readonly id: string;
  /**
   * True only when it is certain that the holder is gone (same host, and no such process any more), so that its
   * leases may be taken over before they run out. False when in doubt.
   */
  isGone(holderId: string): boolean;
}
