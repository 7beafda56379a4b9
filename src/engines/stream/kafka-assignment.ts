/** Which member of a group gets which partitions. No I/O. */

export interface GroupMember {
  readonly id: string;
  /** The partitions that it has. */
  readonly held: readonly number[];
}

/**
 * Shares the `named` first of `count` partitions evenly, moving as few as possible, and then the others, which no frame was
 * published to yet, in turns: as they get names, the shares stay even.
 */
export function assignedPartitions(members: readonly GroupMember[], named: number, count: number): ReadonlyMap<string, readonly number[]> {
  const inOrder = members.toSorted((one, other) => other.held.length - one.held.length || (one.id < other.id ? -1 : 1));
  const shares = new Map(inOrder.map(({ id }) => [id, [] as number[]]));
  if (inOrder.length === 0) return shares;
  const taken = new Set<number>();
  inOrder.forEach(({ id, held }, index) => {
    const quota = Math.floor(named / inOrder.length) + (index < named % inOrder.length ? 1 : 0);
    const kept = held.filter((number) => number < named && !taken.has(number)).slice(0, quota);
    for (const number of kept) taken.add(number);
    shares.get(id)?.push(...kept);
  });
  for (let number = 0; number < count; number += 1) {
    if (!taken.has(number)) smallest(shares).push(number);
  }
  return shares;
}

function smallest(shares: ReadonlyMap<string, number[]>): number[] {
  let least: number[] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const share of shares.values()) {
    if (share.length < length) {
      least = share;
      length = share.length;
    }
  }
  return least;
}
