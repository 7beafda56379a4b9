/** Consistent hashing: which node has a key. Adding or removing a node moves only the keys of its share. */
import { createHash } from 'node:crypto';

/** With this many points a node's share differs from an equal one by a few per cent. */
const pointsPerNode = 160;

export class Ring<Node> {
  readonly #points: readonly { readonly at: number; readonly node: Node }[];

  /** Nodes by names that say which they are, in any order. */
  constructor(nodes: ReadonlyMap<string, Node>) {
    this.#points = [...nodes]
      .flatMap(([name, node]) => Array.from({ length: pointsPerNode }, (_, index) => ({ at: positionOf(`${name}#${index}`), node })))
      .sort((one, other) => one.at - other.at);
  }

  nodeOf(key: string): Node | undefined {
    const position = positionOf(key);
    let [low, high] = [0, this.#points.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#points[middle]?.at ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return (this.#points[low] ?? this.#points[0])?.node;
  }
}

function positionOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}
